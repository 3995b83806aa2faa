using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads expectations: a metric, its limits with the metric's unit, and the window they are judged in.</summary>
internal sealed class ExpectationReader(Inventory inventory, PlanBuilder plan, DiagnosticBag bag)
{
    /// <summary>Words for metrics.</summary>
    public static IReadOnlyDictionary<string, ExpectationMetric> Metrics { get; } = new Dictionary<string, ExpectationMetric>(StringComparer.Ordinal)
    {
        ["outage"] = ExpectationMetric.Outage,
        ["lost"] = ExpectationMetric.Lost,
        ["loss-ratio"] = ExpectationMetric.LossRatio,
        ["failovers"] = ExpectationMetric.Failovers,
        ["reversions"] = ExpectationMetric.Reversions,
        ["working-path"] = ExpectationMetric.WorkingPath,
        ["delay-median"] = ExpectationMetric.DelayMedian,
        ["delay-p99"] = ExpectationMetric.DelayP99,
        ["capture-drops"] = ExpectationMetric.CaptureDrops,
        ["start-skew"] = ExpectationMetric.StartSkew,
    };

    public ExpectationPlan? Read(ValueReader value, TimeSpan duration)
    {
        if (value.Mapping("an expectation") is not { } entry)
        {
            return null;
        }
        var word = entry.Require("metric").OneOf([.. Metrics.Keys]);
        var (max, min, isPath) = (entry.Optional("max"), entry.Optional("min"), entry.Optional("is"));
        var flow = Flow(entry.Optional("flow"));
        var path = Path(entry.Optional("path"));
        var from = entry.Optional("from").Duration(TimeSpan.Zero, duration);
        var to = entry.Optional("to").Duration(TimeSpan.Zero, duration);
        var text = entry.Optional("text").Text(t => t.Length <= 200 && !t.AsSpan().ContainsAnyInRange('\0', '\u001F'), "one line of at most 200 characters");
        entry.Finish();
        if (word is null)
        {
            return null;
        }
        var metric = Metrics[word];
        CheckWindow(entry, from, to);
        CheckKinds(entry, word, metric);
        var expectation = new ExpectationPlan
        {
            Metric = metric,
            Max = metric == ExpectationMetric.WorkingPath ? null : Amount(max, metric),
            Min = metric == ExpectationMetric.WorkingPath ? null : Amount(min, metric),
            Is = metric == ExpectationMetric.WorkingPath ? Path(isPath) : null,
            Flow = flow,
            Path = path,
            From = from,
            To = to,
            Text = "",
            Position = entry.Position,
        };
        if (expectation.Min > expectation.Max)
        {
            min.Error(ScenarioCodes.Limit, $"'min' {min.Text()} lies above 'max' {max.Text()}");
        }
        return expectation with { Text = text ?? Words(expectation, word, max.Node, min.Node) };
    }

    private void CheckWindow(MappingReader entry, TimeSpan? from, TimeSpan? to)
    {
        if (from >= to)
        {
            bag.Error(ScenarioCodes.Window, entry.PositionOf("to"), $"the window ends ({DurationText.Format(to!.Value)}) before it begins ({DurationText.Format(from!.Value)})");
        }
    }

    /// <summary>Each metric has its kind of limit: a path by name, everything else by numbers; a path to look at only for delays.</summary>
    private void CheckKinds(MappingReader entry, string word, ExpectationMetric metric)
    {
        var isPath = metric == ExpectationMetric.WorkingPath;
        string[] wrong = isPath ? ["max", "min"] : ["is"];
        string[] wanted = isPath ? ["is"] : ["max", "min"];
        foreach (var key in wrong.Where(entry.Has))
        {
            bag.Error(ScenarioCodes.Limit, entry.PositionOf(key), $"metric '{word}' takes no '{key}'", $"its limit stands in: {string.Join(", ", wanted)}");
        }
        if (entry.IsComplete && !wanted.Any(entry.Has))
        {
            bag.Error(ScenarioCodes.Limit, entry.Position, $"metric '{word}' has no limit", $"add {string.Join(" or ", wanted.Select(w => $"'{w}'"))}");
        }
        if (entry.Has("path") && metric is not (ExpectationMetric.DelayMedian or ExpectationMetric.DelayP99))
        {
            bag.Error(ScenarioCodes.Limit, entry.PositionOf("path"), $"metric '{word}' is not judged per path", "only delay-median and delay-p99 take 'path'");
        }
    }

    /// <summary>A limit in the metric's own unit: ns, ratio, or a count.</summary>
    private static double? Amount(ValueReader value, ExpectationMetric metric) => metric switch
    {
        ExpectationMetric.Outage or ExpectationMetric.DelayMedian or ExpectationMetric.DelayP99 or ExpectationMetric.StartSkew =>
            value.Duration(TimeSpan.Zero, TimeSpan.FromHours(24)) is { } time ? time.Ticks * 100.0 : null,
        ExpectationMetric.LossRatio => value.Ratio()?.Value,
        _ => value.WholeNumber(0, 1_000_000_000_000),
    };

    private string? Flow(ValueReader value)
    {
        if (value.Text() is not { } name || plan.Flows.Any(f => f.Name == name))
        {
            return value.IsText ? ((YamlScalar)value.Node!).Text : null;
        }
        if (!plan.HasFaultyStep)
        {
            inventory.Unknown(value, ScenarioCodes.UnknownFlow, "flow", name, plan.Flows.Select(f => f.Name));
        }
        return null;
    }

    private string? Path(ValueReader value)
    {
        if (value.Text() is not { } name)
        {
            return null;
        }
        var known = inventory.Links.Select(l => l.Path).ToList();
        if (!known.Contains(name))
        {
            inventory.Unknown(value, ScenarioCodes.UnknownPath, "path", name, known);
            return null;
        }
        return name;
    }

    private static string Words(ExpectationPlan plan, string word, YamlNode? max, YamlNode? min)
    {
        var (upper, lower) = ((max as YamlScalar)?.Text, (min as YamlScalar)?.Text);
        var limit = plan switch
        {
            { Is: { } path } => $"is {path}",
            { Max: { } m, Min: { } n } when m == n => $"exactly {upper}",
            { Max: not null, Min: not null } => $"{lower} to {upper}",
            { Max: not null } => $"at most {upper}",
            _ => $"at least {lower}",
        };
        var flow = plan.Flow is null ? "" : $" of {plan.Flow}";
        var path2 = plan.Path is null ? "" : $" on {plan.Path}";
        var window = (plan.From, plan.To) switch
        {
            (null, null) => "",
            ({ } f, null) => string.Create(CultureInfo.InvariantCulture, $", from {DurationText.Format(f)}"),
            (null, { } t) => plan.Is is null ? $", until {DurationText.Format(t)}" : $" at {DurationText.Format(t)}",
            ({ } f, { } t) => $", {DurationText.Format(f)} to {DurationText.Format(t)}",
        };
        return $"{word}{flow}{path2} {limit}{window}";
    }
}
