using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Says why the methods give different times, where they do. The causes are those the RFCs name.</summary>
internal static class MethodAgreement
{
    private const long LeastDifferenceNs = 1_000_000;

    private static readonly (string Name, Func<FailoverMethods, MeasuredTime?> Of)[] Methods =
    [
        ("lossDerived", m => m.LossDerived), ("routeSpecificLossDerived", m => m.RouteSpecificLossDerived), ("packetLossBased", m => m.PacketLossBased),
        ("timeBasedLoss", m => m.TimeBasedLoss), ("timestampBased", m => m.TimestampBased), ("rateDerivedFirst", m => m.RateDerivedFirst), ("rateDerivedFull", m => m.RateDerivedFull),
    ];

    /// <summary>Every cause that sets methods of one failover apart, told of the flow it shows most.</summary>
    /// <param name="flows">The flows' methods and moves.</param>
    /// <param name="wasFault">Whether something is known to have failed.</param>
    /// <param name="gradual">Whether it failed by and by: the link went on letting packets through.</param>
    /// <param name="sinceNs">When it failed or began to; absent when unknown.</param>
    public static IReadOnlyList<MethodDisagreement> Explain(IReadOnlyList<(FailoverFlow Flow, MoveTiming Timing)> flows, bool wasFault, bool gradual, long? sinceNs)
    {
        var usable = flows.Where(f => f.Flow.Methods.TimestampBased is not null).ToList();
        if (usable.Count == 0) return [];
        var late = Late(usable, sinceNs);
        var known = new[] { Duplication(usable, wasFault), Brownout(usable, gradual), Reordering(usable), late ?? DelayChange(usable), late is null ? EdgeLateness(usable) : null, Sampling(usable) }.OfType<MethodDisagreement>().ToList();
        if (Unexplained(usable, known) is { } other) known.Add(other);
        return known;
    }

    /// <summary>Packets that a buffer held while the path was dead were delivered, so they are not lost; RFC 6412 section 3.8.1 calls them impaired all the same.</summary>
    private static MethodDisagreement? Late(List<(FailoverFlow Flow, MoveTiming Timing)> flows, long? sinceNs)
    {
        var (flow, timing) = flows.MaxBy(f => f.Timing.LateSince(sinceNs));
        var late = timing.LateSince(sinceNs);
        if (late == 0) return null;
        return new MethodDisagreement(
            "late",
            $"{flow.Flow}: {late} packets sent since then took longer than {DurationText.FormatNs(FlowCounters.ForwardingDelayThresholdNs)} and count as impaired by RFC 6412, but not as lost: the loss methods and the stamps do not see them. They and the lost ones are {DurationText.FormatNs(timing.ImpairedNs(sinceNs))} of traffic; the receiver's silence was {DurationText.FormatNs(flow.Methods.TimeBasedLoss!.ValueNs)}.",
            ["lossDerived", "routeSpecificLossDerived", "packetLossBased", "timestampBased", "timeBasedLoss", "rateDerivedFirst", "rateDerivedFull"]);
    }

    /// <summary>Two intervals without a common value that no cause known sets apart: one of the methods does not fit this move, and nobody should pick the nicer figure.</summary>
    private static MethodDisagreement? Unexplained(List<(FailoverFlow Flow, MoveTiming Timing)> flows, List<MethodDisagreement> known)
    {
        var explained = known.SelectMany(k => k.Methods).ToHashSet(StringComparer.Ordinal);
        var isLength = known.Exists(k => k.Cause is "reordering" or "delay-change" or "edge-lateness");
        foreach (var (flow, timing) in flows)
        {
            // What arrives, the silence and the rates, holds the change of delay; the loss and the stamps do not.
            var change = isLength ? Math.Abs(Longer(timing)) : 0;
            var given = Methods.Select(m => (m.Name, Time: m.Of(flow.Methods))).Where(m => m.Time is not null).ToList();
            var low = given.MaxBy(m => m.Time!.LowNs);
            var apart = given.Where(m => m.Time!.HighNs + (IsOfArrivals(m.Name) == IsOfArrivals(low.Name) ? 0 : change) < low.Time!.LowNs && !(explained.Contains(m.Name) && explained.Contains(low.Name))).ToList();
            if (apart.Count == 0) continue;
            return new MethodDisagreement(
                "unexplained",
                $"{flow.Flow}: {low.Name} is at least {DurationText.FormatNs(low.Time!.LowNs)}, {apart[0].Name} at most {DurationText.FormatNs(apart[0].Time!.HighNs)}; none of the known causes explains it, so at least one of them does not fit this move.",
                [low.Name, .. apart.Select(m => m.Name)]);
        }

        return null;
    }

    private static MethodDisagreement? Duplication(List<(FailoverFlow Flow, MoveTiming Timing)> flows, bool wasFault)
    {
        var silent = flows.Where(f => f.Timing.Lost == 0).ToList();
        if (!wasFault || silent.Count == 0) return null;
        return new MethodDisagreement(
            "duplication",
            $"{silent.Count} of {flows.Count} flows lost nothing although the path failed: their packets were also on another path, or were sent again, so the loss methods cannot see the switch.",
            ["lossDerived", "routeSpecificLossDerived", "packetLossBased", "timestampBased"]);
    }

    /// <summary>Loss before the last good packet over the old path is no part of the gap, but of the convergence.</summary>
    private static MethodDisagreement? Brownout(List<(FailoverFlow Flow, MoveTiming Timing)> flows, bool gradual)
    {
        var (flow, _) = flows.MaxBy(f => f.Flow.Methods.RouteSpecificLossDerived!.ValueNs - f.Flow.Methods.PacketLossBased!.ValueNs);
        var (since, gap) = (flow.Methods.RouteSpecificLossDerived!, flow.Methods.PacketLossBased!);
        if (!gradual || since.ValueNs - gap.ValueNs <= 0) return null;
        return new MethodDisagreement(
            "brownout",
            $"{flow.Flow}: the path went on letting packets through after it began to fail; loss since then comes to {DurationText.FormatNs(since.ValueNs)} of traffic, of which the gap at the switch is {DurationText.FormatNs(gap.ValueNs)}. Connectivity was lost for less time than convergence took.",
            ["routeSpecificLossDerived", "lossDerived", "packetLossBased", "timestampBased"]);
    }

    private static MethodDisagreement? Reordering(List<(FailoverFlow Flow, MoveTiming Timing)> flows)
    {
        var (flow, timing) = flows.MinBy(f => LongerPath(f.Timing));
        var (byStamps, bySilence) = (flow.Methods.TimestampBased!, flow.Methods.TimeBasedLoss!);
        if (LongerPath(timing) > -LeastDifferenceNs || byStamps.ValueNs <= bySilence.ValueNs) return null;
        return new MethodDisagreement(
            "reordering",
            $"{flow.Flow}: the new path is {DurationText.FormatNs(-LongerPath(timing))} shorter, so its first packets arrive early, or before the last of the old one; the receiver's silence of {DurationText.FormatNs(bySilence.ValueNs)} is shorter than the {DurationText.FormatNs(byStamps.ValueNs)} for which the path was dead.",
            ["timeBasedLoss", "timestampBased"]);
    }

    private static MethodDisagreement? DelayChange(List<(FailoverFlow Flow, MoveTiming Timing)> flows)
    {
        var (flow, timing) = flows.MaxBy(f => LongerPath(f.Timing));
        var (byStamps, bySilence) = (flow.Methods.TimestampBased!, flow.Methods.TimeBasedLoss!);
        if (LongerPath(timing) < LeastDifferenceNs || bySilence.ValueNs <= byStamps.ValueNs) return null;
        return new MethodDisagreement(
            "delay-change",
            $"{flow.Flow}: the new path is {DurationText.FormatNs(LongerPath(timing))} longer, which the receiver's silence of {DurationText.FormatNs(bySilence.ValueNs)} contains and the {DurationText.FormatNs(byStamps.ValueNs)} by send stamps does not.",
            ["timeBasedLoss", "timestampBased"]);
    }

    /// <summary>Neither path changed, but a packet beside the gap was held up: that is in the receiver's silence too.</summary>
    private static MethodDisagreement? EdgeLateness(List<(FailoverFlow Flow, MoveTiming Timing)> flows)
    {
        var (flow, timing) = flows.MaxBy(f => Math.Abs(Lateness(f.Timing)));
        if (timing.Lost is null or 0 || Math.Abs(Lateness(timing)) < LeastDifferenceNs) return null;
        return new MethodDisagreement(
            "edge-lateness",
            $"{flow.Flow}: the last packet over the old path took {DurationText.FormatNs(timing.Move.LastOldLateNs)} longer than is usual there, the first over the new one {DurationText.FormatNs(timing.Move.FirstNewLateNs)}; the receiver's silence of {DurationText.FormatNs(flow.Methods.TimeBasedLoss!.ValueNs)} is off by the difference.",
            ["timeBasedLoss", "timestampBased"]);
    }

    private static MethodDisagreement? Sampling(List<(FailoverFlow Flow, MoveTiming Timing)> flows)
    {
        var coarse = flows.Where(f => f.Flow.Methods.RateDerivedFirst is { } rate && rate.HighNs - rate.LowNs > Math.Max(rate.ValueNs, f.Flow.Methods.TimestampBased!.ValueNs)).ToList();
        if (coarse.Count == 0) return null;
        var (flow, _) = coarse[0];
        var rate = flow.Methods.RateDerivedFirst!;
        return new MethodDisagreement(
            "sampling",
            $"The packet sampling interval is too coarse for this failover: the rate-derived time of {flow.Flow} is known only within {DurationText.FormatNs(rate.HighNs - rate.LowNs)}, more than the time itself.",
            ["rateDerivedFirst", "rateDerivedFull"]);
    }

    private static bool IsOfArrivals(string method) => method is "timeBasedLoss" or "rateDerivedFirst" or "rateDerivedFull";

    /// <summary>Delay of the first packet over the new path less that of the last over the old, ns.</summary>
    private static long Longer(MoveTiming timing) =>
        timing.Move is { LastOld: { } old, FirstNew: { } first } ? first.Packet.DelayNs - old.Packet.DelayNs : 0;

    /// <summary>What lateness of the two packets beside the gap adds to the silence, ns.</summary>
    private static long Lateness(MoveTiming timing) => timing.Move.FirstNewLateNs - timing.Move.LastOldLateNs;

    /// <summary>How much longer the new path is, had neither been late, ns.</summary>
    private static long LongerPath(MoveTiming timing) => Longer(timing) - Lateness(timing);
}
