using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads <c>slots</c>: <c>none</c>, or a mapping.</summary>
internal sealed class SlotReader(DiagnosticBag bag)
{
    private static readonly TimeSpan MinPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromMinutes(10);
    private readonly DelayReader _delays = new(bag);

    public SlotPlan? Read(ValueReader value)
    {
        if (value.Node is YamlScalar { Text: ImpairmentReader.NoneWord })
        {
            return SlotPlan.None;
        }
        if (!value.IsPresent || value.Mapping("slots") is not { } reader)
        {
            return null;
        }
        var period = reader.Require("period").Duration(MinPeriod, MaxPeriod);
        var whole = period ?? MaxPeriod;
        var offset = reader.Optional("offset").Duration(TimeSpan.Zero, whole) ?? TimeSpan.Zero;
        var level = Level(reader.Require("level"));
        var start = Spike(reader.Optional("start"), whole);
        var end = Spike(reader.Optional("end"), whole);
        var handover = Handover(reader.Optional("handover"), whole);
        var obstruction = Obstruction(reader.Optional("obstruction"), whole);
        reader.Finish();
        return period is null || level is null ? null : new SlotPlan
        {
            Period = whole,
            Offset = offset,
            LevelMin = level.Value.Min,
            LevelMax = level.Value.Max,
            Start = start,
            End = end,
            Handover = handover,
            Obstruction = obstruction,
        };
    }

    private (TimeSpan Min, TimeSpan Max)? Level(ValueReader value)
    {
        if (!value.IsPresent || value.Mapping("a slot's level") is not { } reader)
        {
            return null;
        }
        var range = _delays.Range(reader, TimeSpan.Zero, ImpairmentReader.MaxDelay);
        reader.Finish();
        return range;
    }

    private static SlotSpikePlan? Spike(ValueReader value, TimeSpan period)
    {
        if (!value.IsPresent || value.Mapping("a slot's spike") is not { } reader)
        {
            return null;
        }
        var peak = reader.Require("peak").Duration(TimeSpan.Zero, ImpairmentReader.MaxDelay);
        var length = reader.Require("for").Duration(TimeSpan.Zero, period / 2);
        reader.Finish();
        return peak is { } p && length is { } l ? new SlotSpikePlan(p, l) : null;
    }

    private static HandoverPlan? Handover(ValueReader value, TimeSpan period)
    {
        if (!value.IsPresent || value.Mapping("a handover") is not { } reader)
        {
            return null;
        }
        var chance = reader.Optional("chance").Ratio() ?? new Ratio(1);
        var loss = reader.Require("loss").Ratio();
        var length = reader.Require("for").Duration(TimeSpan.Zero, period / 2);
        reader.Finish();
        return loss is { } share && length is { } around ? new HandoverPlan(chance, share, around) : null;
    }

    private static ObstructionPlan? Obstruction(ValueReader value, TimeSpan period)
    {
        if (!value.IsPresent || value.Mapping("an obstruction") is not { } reader)
        {
            return null;
        }
        var chance = reader.Require("chance").Ratio();
        var length = reader.Require("for").Duration(TimeSpan.Zero, period);
        reader.Finish();
        return chance is { } share && length is { } silence ? new ObstructionPlan(share, silence) : null;
    }
}
