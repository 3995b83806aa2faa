using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Says why the methods give different times, where they do. The causes are those the RFCs name.</summary>
internal static class MethodAgreement
{
    private const long LeastDifferenceNs = 1_000_000;

    /// <summary>Every cause that sets methods of one failover apart, told of the flow it shows most.</summary>
    /// <param name="flows">The flows' methods and moves.</param>
    /// <param name="wasFault">Whether something is known to have failed.</param>
    /// <param name="gradual">Whether it failed by and by: the link went on letting packets through.</param>
    public static IReadOnlyList<MethodDisagreement> Explain(IReadOnlyList<(FailoverFlow Flow, MoveTiming Timing)> flows, bool wasFault, bool gradual)
    {
        var usable = flows.Where(f => f.Flow.Methods.TimestampBased is not null).ToList();
        if (usable.Count == 0) return [];
        return [.. new[] { Duplication(usable, wasFault), Brownout(usable, gradual), Reordering(usable), DelayChange(usable), Sampling(usable) }.OfType<MethodDisagreement>()];
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
        var (flow, timing) = flows.MinBy(f => Longer(f.Timing));
        var (byStamps, bySilence) = (flow.Methods.TimestampBased!, flow.Methods.TimeBasedLoss!);
        if (Longer(timing) > -LeastDifferenceNs || byStamps.ValueNs <= bySilence.ValueNs) return null;
        return new MethodDisagreement(
            "reordering",
            $"{flow.Flow}: the new path is {DurationText.FormatNs(-Longer(timing))} shorter, so its first packets arrive early, or before the last of the old one; the receiver's silence of {DurationText.FormatNs(bySilence.ValueNs)} is shorter than the {DurationText.FormatNs(byStamps.ValueNs)} for which the path was dead.",
            ["timeBasedLoss", "timestampBased"]);
    }

    private static MethodDisagreement? DelayChange(List<(FailoverFlow Flow, MoveTiming Timing)> flows)
    {
        var (flow, timing) = flows.MaxBy(f => Longer(f.Timing));
        var (byStamps, bySilence) = (flow.Methods.TimestampBased!, flow.Methods.TimeBasedLoss!);
        if (Longer(timing) < LeastDifferenceNs || bySilence.ValueNs <= byStamps.ValueNs) return null;
        return new MethodDisagreement(
            "delay-change",
            $"{flow.Flow}: the new path is {DurationText.FormatNs(Longer(timing))} longer, which the receiver's silence of {DurationText.FormatNs(bySilence.ValueNs)} contains and the {DurationText.FormatNs(byStamps.ValueNs)} by send stamps does not.",
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

    /// <summary>Delay of the first packet over the new path less that of the last over the old, ns.</summary>
    private static long Longer(MoveTiming timing) =>
        timing.Move is { LastOld: { } old, FirstNew: { } first } ? first.Packet.DelayNs - old.Packet.DelayNs : 0;
}
