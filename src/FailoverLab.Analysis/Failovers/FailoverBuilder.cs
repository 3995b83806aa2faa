using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Turns groups of moves into the record's failovers.</summary>
internal sealed class FailoverBuilder(
    AnalysisContext context, Sightings sightings, IReadOnlyList<FlowPaths> flows, IReadOnlyList<Outage> outages, long observationEndNs)
{
    /// <summary>Every failover and reversion, in order of time.</summary>
    public IReadOnlyList<Failover> Build(IReadOnlyList<MoveGroup> groups)
    {
        var faults = new FaultFinder(context, flows);
        var anatomy = new AnatomyBuilder(context, flows, outages, groups);
        return [.. groups.Where(g => g.FromPath >= 0).Select(g => Build(g, faults, anatomy))];
    }

    private Failover Build(MoveGroup group, FaultFinder faults, AnatomyBuilder anatomy)
    {
        var kind = faults.KindOf(group);
        var step = faults.StepOf(group, kind);
        var bracket = kind == FailoverKind.Failover ? FaultBracket.Find(group, flows) : null;
        var faultNs = BestInstant(step, bracket);
        var timings = group.Moves.Select(m => new MoveTiming(flows[m.Flow], m)).ToList();
        var missed = kind == FailoverKind.Failover && (bracket?.LowNs ?? faultNs) is { } since
            ? new KeepaliveWatch(sightings, context).FirstMissedNs(group.FromPath, since, group.AtNs)
            : null;
        return new Failover
        {
            Kind = kind,
            FromPath = context.Paths[group.FromPath].Name,
            ToPath = group.ToPath >= 0 ? context.Paths[group.ToPath].Name : null,
            FromRouter = group.FromRouter >= 0 ? context.Routers[group.FromRouter].Name : null,
            ToRouter = group.ToRouter >= 0 ? context.Routers[group.ToRouter].Name : null,
            Fault = new FaultInstant
            {
                Step = step?.Step,
                CommandNs = step?.CommandNs,
                AcknowledgedNs = step?.AcknowledgedNs,
                PacketsLowNs = bracket?.LowNs,
                PacketsHighNs = bracket?.HighNs,
            },
            Flows = [.. timings.Select(t => FlowOf(t, timings, faultNs))],
            Anatomy = anatomy.Build(group, timings, faultNs, missed, observationEndNs),
        };
    }

    /// <summary>The acknowledged (else commanded) instant, moved into the packets' interval where there is one; packets prove, messages only tell.</summary>
    private static long? BestInstant(FaultContext? step, (long LowNs, long HighNs)? bracket)
    {
        var told = step?.AcknowledgedNs ?? step?.CommandNs;
        return bracket is { } packets ? Math.Clamp(told ?? packets.HighNs, packets.LowNs, packets.HighNs) : told;
    }

    private FailoverFlow FlowOf(MoveTiming timing, List<MoveTiming> all, long? faultNs)
    {
        // Equal load per flow is what lets losses of several be added up; directions recover apart, so each counts by itself.
        var own = flows[timing.Move.Flow].Flow;
        var side = Direction(timing);
        var together = all.Where(t => t.Lost is not null && Direction(t) == side && IsEqualLoad(flows[t.Move.Flow].Flow, own)).ToList();
        if (!together.Contains(timing)) together = [timing];
        return new FailoverFlow(own.Context.Name, timing.Methods(faultNs, together.Sum(t => t.LostSince(faultNs)), together.Count)) { Lost = timing.Lost };
    }

    private static bool IsEqualLoad(FlowTable one, FlowTable other) => Math.Abs(one.IntervalNs - other.IntervalNs) * 20 <= other.IntervalNs;

    private bool? Direction(MoveTiming timing) => flows[timing.Move.Flow].Transit(timing.Move.From.Path)?.FromSite;
}
