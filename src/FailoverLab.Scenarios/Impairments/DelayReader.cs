using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads <c>delay</c>: a duration, or a mapping with one distribution.</summary>
internal sealed class DelayReader(DiagnosticBag bag)
{
    private const int MaxQuantiles = 1_024;

    /// <summary>Keys of the distributions, of which a mapping has exactly one.</summary>
    public static IReadOnlyList<string> Models { get; } = ["uniform", "normal", "pareto", "table"];

    public (TimeSpan? Fixed, DelayPlan? Model) Read(ValueReader value)
    {
        if (value.Node is not YamlMapping)
        {
            return (value.Duration(TimeSpan.Zero, ImpairmentReader.MaxDelay), null);
        }
        if (value.Mapping("a delay model") is not { } delay)
        {
            return default;
        }
        var kind = delay.OneOfKeys(Models);
        var uniform = Uniform(delay.Optional("uniform"));
        var normal = Normal(delay.Optional("normal"));
        var pareto = Pareto(delay.Optional("pareto"));
        var table = Table(delay.Optional("table"));
        delay.Finish();
        return (null, kind switch { "uniform" => uniform, "normal" => normal, "pareto" => pareto, "table" => table, _ => null });
    }

    /// <summary>Two ends of a range in a mapping of <c>min</c> and <c>max</c>.</summary>
    public (TimeSpan Min, TimeSpan Max)? Range(MappingReader reader, TimeSpan least, TimeSpan most)
    {
        var min = reader.Require("min").Duration(least, most);
        var max = reader.Require("max").Duration(least, most);
        if (min > max)
        {
            bag.Error(ScenarioCodes.Model, reader.PositionOf("max"), $"'max' {DurationText.Format(max.Value)} is below 'min' {DurationText.Format(min.Value)}", "change them about");
            return null;
        }
        return min is { } low && max is { } high ? (low, high) : null;
    }

    private UniformDelayPlan? Uniform(ValueReader value)
    {
        if (!value.IsPresent || value.Mapping("a uniform delay") is not { } model)
        {
            return null;
        }
        var range = Range(model, TimeSpan.Zero, ImpairmentReader.MaxDelay);
        model.Finish();
        return range is { } r ? new UniformDelayPlan(r.Min, r.Max) : null;
    }

    private static NormalDelayPlan? Normal(ValueReader value)
    {
        if (!value.IsPresent || value.Mapping("a normal delay") is not { } model)
        {
            return null;
        }
        var mean = model.Require("mean").Duration(TimeSpan.Zero, ImpairmentReader.MaxDelay);
        var deviation = model.Require("deviation").Duration(TimeSpan.Zero, ImpairmentReader.MaxDelay);
        model.Finish();
        return mean is { } m && deviation is { } d ? new NormalDelayPlan(m, d) : null;
    }

    private static ParetoDelayPlan? Pareto(ValueReader value)
    {
        if (!value.IsPresent || value.Mapping("a Pareto delay") is not { } model)
        {
            return null;
        }
        var min = model.Require("min").Duration(TimeSpan.Zero, ImpairmentReader.MaxDelay);
        var scale = model.Require("scale").Duration(TimeSpan.Zero, ImpairmentReader.MaxDelay);
        var shape = model.Require("shape").Number(1.01, 100);
        model.Finish();
        return min is { } m && scale is { } c && shape is { } s ? new ParetoDelayPlan(m, c, s) : null;
    }

    private static TableDelayPlan? Table(ValueReader value)
    {
        if (!value.IsPresent)
        {
            return null;
        }
        var items = value.Items();
        var quantiles = new List<TimeSpan>();
        foreach (var item in items)
        {
            if (item.Duration(TimeSpan.Zero, ImpairmentReader.MaxDelay) is not { } delay)
            {
                continue;
            }
            if (quantiles.Count > 0 && delay < quantiles[^1])
            {
                item.Error(ScenarioCodes.Model, $"quantile {DurationText.Format(delay)} is below the one before it, {DurationText.Format(quantiles[^1])}", "write the delays in rising order: the first is the smallest, the last the largest");
                return null;
            }
            quantiles.Add(delay);
        }
        if (value.Node is YamlSequence && items.Count is < 2 or > MaxQuantiles)
        {
            value.Error(ScenarioCodes.Model, $"a delay table has 2 to {MaxQuantiles} quantiles, but here stand {items.Count}", "one delay alone is fixed: delay: 20ms");
            return null;
        }
        return quantiles.Count == items.Count && items.Count > 0 ? new TableDelayPlan(quantiles) : null;
    }
}
