using System.Globalization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Writes a change as the line that <see cref="LinkLineReader"/> reads back as the same.</summary>
public static class LinkLine
{
    /// <summary>The line.</summary>
    /// <param name="link">Name of the link.</param>
    /// <param name="direction">Which direction.</param>
    /// <param name="change">The new values; at least one. A trace file must be where the line is read.</param>
    /// <param name="atNs">The instant, CLOCK_REALTIME ns of the machine that reads it; <see langword="null"/> is at once.</param>
    public static string Of(string link, LinkDirection direction, LinkChange change, long? atNs)
    {
        var keys = new List<string> { $"link: {YamlWriter.Scalar(link)}" };
        if (direction != LinkDirection.Both)
        {
            keys.Add($"direction: {direction.ToString().ToLowerInvariant()}");
        }

        keys.AddRange(Keys(change));
        return $"{{ {(atNs is { } at ? string.Create(CultureInfo.InvariantCulture, $"at: {at}, ") : "")}degrade: {{ {string.Join(", ", keys)} }} }}";
    }

    private static IEnumerable<string> Keys(LinkChange change)
    {
        string?[] keys =
        [
            Flag("carrier", change.Carrier), Flag("drop", change.Drop), Loss(change), Delay(change),
            change is { Jitter: { } jitter, DelayModel: null } ? $"jitter: {Time(jitter)}" : null,
            Flag("overtake", change.Overtake), Share("duplicate", change.Duplicate), Share("corrupt", change.Corrupt), Share("reorder", change.Reorder),
            change.Rate is { } rate ? $"rate: {(rate == LinkChange.Unlimited ? ImpairmentReader.UnlimitedWord : Number(rate.BitsPerSecond) + "bit/s")}" : null,
            change.Queue is { } queue ? $"queue: {Queue(queue)}" : null,
            change.Mtu is { } mtu ? $"mtu: {(mtu == LinkChange.NoMtu ? ImpairmentReader.UnlimitedWord : Number(mtu) + "B")}" : null,
            change.Trace is { } trace ? $"trace: {(trace.IsNone ? ImpairmentReader.NoneWord : $"{{ file: {YamlWriter.Scalar(trace.File)}, clock: {trace.Clock.ToString().ToLowerInvariant()} }}")}" : null,
            change.Slots is { } slots ? $"slots: {Slots(slots)}" : null,
        ];
        return keys.OfType<string>();
    }

    private static string? Loss(LinkChange change) => change switch
    {
        { LossModel: BurstLossPlan b } => $"loss: {{ share: {Percent(b.Share)}, burst: {Number(b.Burst)} }}",
        { LossModel: EveryNthLossPlan n } => $"loss: {{ every: {Number(n.Every)} }}",
        { LossModel: GilbertElliottPlan g } => $"loss: {{ gilbert: {{ to-bad: {Percent(g.ToBad)}, to-good: {Percent(g.ToGood)}, in-bad: {Percent(g.InBad)}, in-good: {Percent(g.InGood)} }} }}",
        { LossModel: StateLossPlan s } => $"loss: {{ states: {{ p13: {Percent(s.P13)}, p31: {Percent(s.P31)}, p32: {Percent(s.P32)}, p23: {Percent(s.P23)}, p14: {Percent(s.P14)} }} }}",
        { LossModel: { } unknown } => throw new NotSupportedException($"no key for {unknown.GetType().Name}"),
        _ => Share("loss", change.Loss),
    };

    private static string? Delay(LinkChange change) => change switch
    {
        { DelayModel: UniformDelayPlan u } => $"delay: {{ uniform: {Range(u.Min, u.Max)} }}",
        { DelayModel: NormalDelayPlan n } => $"delay: {{ normal: {{ mean: {Time(n.Center)}, deviation: {Time(n.Deviation)} }} }}",
        { DelayModel: ParetoDelayPlan p } => $"delay: {{ pareto: {{ min: {Time(p.Min)}, scale: {Time(p.Scale)}, shape: {p.Shape.ToString("R", CultureInfo.InvariantCulture)} }} }}",
        { DelayModel: TableDelayPlan t } => $"delay: {{ table: [{string.Join(", ", t.Quantiles.Select(Time))}] }}",
        { DelayModel: { } unknown } => throw new NotSupportedException($"no key for {unknown.GetType().Name}"),
        _ => change.Delay is { } delay ? $"delay: {Time(delay)}" : null,
    };

    /// <summary>What one machine has accepted the other takes: the limit is not judged again.</summary>
    private static string Queue(QueuePlan queue)
    {
        var limit = queue switch
        {
            { Packets: { } packets } => Number(packets) + "packets",
            { Bytes: { } bytes } => Number(bytes) + "B",
            _ => Time(queue.Time ?? TimeSpan.Zero),
        };
        var codel = queue.Drop == QueueDrop.Codel ? $", drop: codel, target: {Time(queue.Target)}, interval: {Time(queue.Interval)}" : "";
        return $"{{ limit: {limit}{codel}, shallow: true }}";
    }

    private static string Slots(SlotPlan slots)
    {
        if (slots.IsNone)
        {
            return ImpairmentReader.NoneWord;
        }

        string?[] keys =
        [
            $"period: {Time(slots.Period)}", $"offset: {Time(slots.Offset)}", $"level: {Range(slots.LevelMin, slots.LevelMax)}", Spike("start", slots.Start), Spike("end", slots.End),
            slots.Handover is { } h ? $"handover: {{ chance: {Percent(h.Chance)}, loss: {Percent(h.Loss)}, for: {Time(h.For)} }}" : null,
            slots.Obstruction is { } o ? $"obstruction: {{ chance: {Percent(o.Chance)}, for: {Time(o.For)} }}" : null,
        ];
        return $"{{ {string.Join(", ", keys.OfType<string>())} }}";
    }

    private static string? Spike(string key, SlotSpikePlan? spike) => spike is null ? null : $"{key}: {{ peak: {Time(spike.Peak)}, for: {Time(spike.For)} }}";

    private static string Range(TimeSpan min, TimeSpan max) => $"{{ min: {Time(min)}, max: {Time(max)} }}";

    private static string? Flag(string key, bool? value) => value is { } flag ? $"{key}: {(flag ? "true" : "false")}" : null;

    private static string? Share(string key, Ratio? value) => value is { } share ? $"{key}: {Percent(share)}" : null;

    /// <summary>All digits of it; a percentage is read without an exponent.</summary>
    private static string Percent(Ratio share) => ((decimal)share.Value * 100).ToString(CultureInfo.InvariantCulture) + "%";

    /// <summary>To the 100 ns that plans keep.</summary>
    private static string Time(TimeSpan time) => (time.Ticks / (decimal)TimeSpan.TicksPerMicrosecond).ToString("0.#", CultureInfo.InvariantCulture) + "us";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
