using System.Globalization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Impairments in words, as plans and reports say them.</summary>
public static class ImpairmentText
{
    /// <summary>A change in words: <c>drop all, loss 15%</c>.</summary>
    public static string Describe(LinkChange change)
    {
        var parts = new List<string>();
        Add(change.Carrier, c => c ? "carrier on" : "carrier off");
        Add(change.Drop, d => d ? "drop all" : "drop nothing");
        parts.AddRange(Loss(change) is { } loss ? [loss] : []);
        parts.AddRange(Delay(change) is { } delay ? [delay] : []);
        Add(change.Jitter, j => $"jitter {DurationText.Format(j)}");
        Add(change.Overtake, o => o ? "packets may overtake" : "order kept");
        Add(change.Duplicate, d => $"duplicate {d}");
        Add(change.Corrupt, c => $"corrupt {c}");
        Add(change.Reorder, r => $"reorder {r}");
        Add(change.Rate, r => r == LinkChange.Unlimited ? "rate unlimited" : $"rate {r}");
        parts.AddRange(change.Queue is { } queue ? [Queue(queue)] : []);
        Add(change.Mtu, m => m == LinkChange.NoMtu ? "MTU unlimited" : string.Create(CultureInfo.InvariantCulture, $"MTU {m}B"));
        parts.AddRange(change.Trace is { } trace ? [trace.IsNone ? "no trace" : $"trace {Path.GetFileName(trace.File)}{(trace.Clock == TraceClock.Wall ? " by wall time" : "")}"] : []);
        parts.AddRange(change.Slots is { } slots ? [Slots(slots)] : []);
        return string.Join(", ", parts);

        void Add<T>(T? value, Func<T, string> words)
            where T : struct
        {
            if (value is { } v)
            {
                parts.Add(words(v));
            }
        }
    }

    /// <summary>A whole profile in words; what does nothing to packets is left out, except the first four and the rate.</summary>
    public static string DescribeProfile(LinkChange profile) => Describe(profile with
    {
        Overtake = profile.Overtake is false ? null : profile.Overtake,
        Duplicate = profile.Duplicate is { Value: 0 } ? null : profile.Duplicate,
        Corrupt = profile.Corrupt is { Value: 0 } ? null : profile.Corrupt,
        Reorder = profile.Reorder is { Value: 0 } ? null : profile.Reorder,
        Queue = profile.Rate is null || profile.Rate == LinkChange.Unlimited ? null : profile.Queue,
        Mtu = profile.Mtu == LinkChange.NoMtu ? null : profile.Mtu,
        Trace = profile.Trace is { IsNone: true } ? null : profile.Trace,
        Slots = profile.Slots is { IsNone: true } ? null : profile.Slots,
    });

    private static string? Loss(LinkChange change) => change.LossModel switch
    {
        BurstLossPlan b => $"loss bursts of {Number(b.Burst)} at {b.Share}",
        EveryNthLossPlan { Every: 1 } => "loss of every packet",
        EveryNthLossPlan n => $"loss of every {Number(n.Every)}{Ordinal(n.Every)} packet",
        GilbertElliottPlan g => $"loss {Mean(g)} in bursts (to bad {g.ToBad}, to good {g.ToGood}, in bad {g.InBad}, in good {g.InGood})",
        StateLossPlan s => $"loss {Mean(s)} by states (p13 {s.P13}, p31 {s.P31}, p32 {s.P32}, p23 {s.P23}, p14 {s.P14})",
        _ => change.Loss is { } share ? $"loss {share}" : null,
    };

    private static string? Delay(LinkChange change) => change.DelayModel switch
    {
        UniformDelayPlan u => $"delay {DurationText.Format(u.Min)} to {DurationText.Format(u.Max)}",
        NormalDelayPlan n => $"delay {DurationText.Format(n.Center)} ± {DurationText.Format(n.Deviation)} (normal)",
        ParetoDelayPlan p => $"delay from {DurationText.Format(p.Min)} (Pareto, scale {DurationText.Format(p.Scale)}, shape {Number(p.Shape)})",
        TableDelayPlan t => $"delay {DurationText.Format(t.Quantiles[0])} to {DurationText.Format(t.Quantiles[^1])} (table of {Number(t.Quantiles.Count)})",
        _ => change.Delay is { } delay ? $"delay {DurationText.Format(delay)}" : null,
    };

    private static string Queue(QueuePlan queue)
    {
        var limit = queue switch
        {
            { Packets: { } packets } => Number(packets) + " packets",
            { Bytes: { } bytes } => Number(bytes) + " bytes",
            _ => DurationText.Format(queue.Time ?? TimeSpan.Zero),
        };
        return queue.Drop == QueueDrop.Codel ? $"queue {limit} with CoDel" : $"queue {limit}";
    }

    private static string Slots(SlotPlan slots) =>
        slots.IsNone ? "no slots" : $"slots of {DurationText.Format(slots.Period)} (level {DurationText.Format(slots.LevelMin)} to {DurationText.Format(slots.LevelMax)})";

    private static string Mean(LossPlan loss) => (loss.MeanShare * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Ordinal(int n) => (n % 100) is >= 11 and <= 13 ? "th" : (n % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" };

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
