using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads <c>loss</c>: a share, or a mapping with one model.</summary>
internal sealed class LossReader(DiagnosticBag bag)
{
    private const int MaxBurst = 1_000_000;

    /// <summary>Keys of a state table, in the order its plan takes them.</summary>
    private static readonly string[] Chances = ["p13", "p31", "p32", "p23", "p14"];

    /// <summary>Keys of the models, of which a mapping has exactly one.</summary>
    public static IReadOnlyList<string> Models { get; } = ["share", "every", "gilbert", "states"];

    public (Ratio? Share, LossPlan? Model) Read(ValueReader value)
    {
        if (value.Node is not YamlMapping)
        {
            return (value.Ratio(), null);
        }
        if (value.Mapping("a loss model") is not { } loss)
        {
            return default;
        }
        var kind = loss.OneOfKeys(Models);
        var share = loss.Optional("share").Ratio();
        var every = (int?)loss.Optional("every").WholeNumber(1, MaxBurst);
        var gilbert = Gilbert(loss.Optional("gilbert"));
        var states = States(loss.Optional("states"));
        var burstKey = loss.Optional("burst");
        var burst = (int?)burstKey.WholeNumber(1, MaxBurst);
        loss.Finish();
        if (burst is not null && kind is not (null or "share"))
        {
            burstKey.Error(ScenarioCodes.Model, $"'burst' says nothing beside '{kind}'", "write it beside 'share', or leave it out");
        }
        return kind switch
        {
            "share" when share is { } s => burst is null or 1 ? (s, null) : (null, new BurstLossPlan(s, burst.Value)),
            "every" when every is { } n => (null, new EveryNthLossPlan(n)),
            "gilbert" => (null, gilbert),
            "states" => (null, states),
            _ => default,
        };
    }

    private static GilbertElliottPlan? Gilbert(ValueReader value)
    {
        if (!value.IsPresent || value.Mapping("a Gilbert-Elliott model") is not { } model)
        {
            return null;
        }
        var toBad = model.Require("to-bad").Ratio();
        var toGood = model.Require("to-good").Ratio();
        var inBad = model.Optional("in-bad").Ratio() ?? new Ratio(1);
        var inGood = model.Optional("in-good").Ratio() ?? new Ratio(0);
        model.Finish();
        if (toGood is { Value: 0 } && toBad is { Value: > 0 })
        {
            model.Optional("to-good").Error(ScenarioCodes.Model, "'to-good' 0% never leaves the bad state", "write the share of packets after which the bad state ends, as 25% for four packets on average");
            return null;
        }
        return toBad is { } b && toGood is { } g ? new GilbertElliottPlan(b, g, inBad, inGood) : null;
    }

    private StateLossPlan? States(ValueReader value)
    {
        if (!value.IsPresent || value.Mapping("a state table") is not { } model)
        {
            return null;
        }
        var chances = Chances.Select(k => k is "p13" or "p31" ? model.Require(k).Ratio() : model.Optional(k).Ratio() ?? Default(model, k)).ToArray();
        model.Finish();
        Together(model, "p13", chances[0], "p14", chances[4]);
        Together(model, "p31", chances[1], "p32", chances[2]);
        return chances.All(c => c is not null) ? new StateLossPlan(chances[0]!.Value, chances[1]!.Value, chances[2]!.Value, chances[3]!.Value, chances[4]!.Value) : null;
    }

    /// <summary>A chance that is absent is 0, but one that is written wrong is unknown.</summary>
    private static Ratio? Default(MappingReader model, string key) => model.Has(key) ? null : new Ratio(0);

    private void Together(MappingReader model, string first, Ratio? a, string second, Ratio? b)
    {
        if (a?.Value + b?.Value > 1)
        {
            bag.Error(ScenarioCodes.Model, model.PositionOf(second), $"'{first}' {a} and '{second}' {b} leave one state and are together more than 100%", "make one of them smaller");
        }
    }
}
