using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Turns the flows' moves into the record's failovers.</summary>
internal sealed class FailoverBuilder
{
    private readonly AnalysisContext _context;
    private readonly IReadOnlyList<FlowResult> _flows;
    private readonly IReadOnlyList<MissedSignal> _missed;
    private readonly IReadOnlyList<Outage> _outages;
    private readonly long _observationEndNs;

    /// <summary>Takes what flows and signalling showed.</summary>
    /// <param name="context">What is known beside the captures.</param>
    /// <param name="flows">The flows.</param>
    /// <param name="missed">Keepalives lost on links.</param>
    /// <param name="outages">All outages.</param>
    /// <param name="observationEndNs">End of the observation, ns since the Unix epoch.</param>
    public FailoverBuilder(
        AnalysisContext context, IReadOnlyList<FlowResult> flows, IReadOnlyList<MissedSignal> missed, IReadOnlyList<Outage> outages, long observationEndNs)
    {
        (_context, _flows, _missed, _outages, _observationEndNs) = (context, flows, missed, outages, observationEndNs);
        for (var f = 0; f < flows.Count; f++)
        {
            foreach (var move in flows[f].Sinks.Paths?.Moves ?? []) move.Flow = f;
        }
    }

    /// <summary>Every failover and reversion, in order of time.</summary>
    public IReadOnlyList<Failover> Build()
    {
        // A path that traffic left for good because it ended there is a move only where the end is an outage.
        var moves = _flows.SelectMany(f => (f.Sinks.Paths?.Moves ?? []).Where(m => m.To is not null || f.Outages is [.., { After: null }]));
        var groups = MoveGroup.Group(moves);
        var faults = new FaultFinder(_context, groups);
        var anatomy = new AnatomyBuilder(_context, _flows, _outages, groups);
        return [.. groups.Where(g => g.FromPath >= 0).Select(g => Build(g, faults, anatomy))];
    }

    private Failover Build(MoveGroup group, FaultFinder faults, AnatomyBuilder anatomy)
    {
        var kind = faults.KindOf(group);
        var step = faults.StepOf(group, kind);
        var bracket = kind == FailoverKind.Failover ? Widened(FaultBracket.Find(group), group.FromPath) : null;
        var faultNs = BestInstant(step, bracket);
        // What is no instantaneous loss has no event in the rates; its step is the event (RFC 6412 section 3.2.2), else the onset of the loss.
        var sinceNs = faultNs ?? (kind == FailoverKind.Failover ? LossOnset.Find(group, _flows) : null);
        var gradualNs = kind == FailoverKind.Failover && bracket is null ? sinceNs : null;
        var timings = group.Moves.Select(m => new MoveTiming(_flows[m.Flow], m)).ToList();
        var missed = kind == FailoverKind.Failover && (bracket?.LowNs ?? faultNs) is { } since
            ? FirstMissedNs(group.FromPath, since, group.AtNs)
            : null;
        var all = timings.ConvertAll(t => (Flow: FlowOf(t, timings, sinceNs, gradualNs), Timing: t));
        var explained = MethodAgreement.Explain(all, kind == FailoverKind.Failover && (step is not null || bracket is not null), gradualNs is not null, sinceNs);
        var marks = anatomy.Build(group, kind, timings, faultNs, missed, _observationEndNs);
        return new Failover
        {
            Kind = kind,
            FromPath = _context.Paths[group.FromPath].Name,
            ToPath = group.ToPath >= 0 ? _context.Paths[group.ToPath].Name : null,
            FromRouter = group.FromRouter >= 0 ? _context.Routers[group.FromRouter].Name : null,
            ToRouter = group.ToRouter >= 0 ? _context.Routers[group.ToRouter].Name : null,
            Fault = new FaultInstant
            {
                Step = step?.Step,
                CommandNs = step?.CommandNs,
                AcknowledgedNs = step?.AcknowledgedNs,
                PacketsLowNs = bracket?.LowNs,
                PacketsHighNs = bracket?.HighNs,
            },
            Flows = all.ConvertAll(f => f.Flow),
            Overall = MethodSpreads.Of(all.ConvertAll(f => f.Flow.Methods)),
            Disagreements = explained.Count == 0 ? null : explained,
            Anatomy = marks,
            Largest = AnatomyShare.LargestOf(marks),
        };
    }

    /// <summary>The acknowledged (else commanded) instant, moved into the packets' interval where there is one; packets prove, messages only tell.</summary>
    private static long? BestInstant(FaultContext? step, (long LowNs, long HighNs)? bracket)
    {
        var told = step?.AcknowledgedNs ?? step?.CommandNs;
        return bracket is { } packets ? Math.Clamp(told ?? packets.HighNs, packets.LowNs, packets.HighNs) : told;
    }

    /// <summary>Entries at either end of the link are only as good as the clocks there.</summary>
    private (long LowNs, long HighNs)? Widened((long LowNs, long HighNs)? bracket, int path)
    {
        if (bracket is not { } so) return null;
        var (site, far) = (_context.Paths[path].SitePoint, _context.Paths[path].FarPoint);
        var bound = _context.Clocks.Where(c => c.Point == site || c.Point == far).Select(c => c.BoundNs).DefaultIfEmpty(0).Max();
        return (so.LowNs - bound, so.HighNs + bound);
    }

    /// <summary>Exits of two links may be stamped by two clocks; of one clock the error is in both.</summary>
    private long ExitBoundNs(MoveTiming timing)
    {
        if (timing.Move is not { From.Path: >= 0 and var from, To.Path: >= 0 and var to } || Direction(timing) is not { } fromSite) return 0;
        var (old, next) = (ClockAt(from, fromSite), ClockAt(to, fromSite));
        return (old?.OffsetNs, old?.BoundNs) == (next?.OffsetNs, next?.BoundNs) ? 0 : (old?.BoundNs ?? 0) + (next?.BoundNs ?? 0);
    }

    private PointClock? ClockAt(int path, bool isFar) =>
        (isFar ? _context.Paths[path].FarPoint : _context.Paths[path].SitePoint) is { } point ? _context.Clocks.FirstOrDefault(c => c.Point == point) : null;

    /// <summary>When the first keepalive that the path swallowed should have come out; absent where none was.</summary>
    private long? FirstMissedNs(int path, long sinceNs, long untilNs) =>
        _missed.Where(m => m.Path == path && m.EntryNs >= sinceNs && m.EntryNs <= untilNs).Select(m => (long?)m.ExpectedNs).Min();

    private FailoverFlow FlowOf(MoveTiming timing, List<MoveTiming> all, long? faultNs, long? gradualNs)
    {
        // Equal load per flow is what lets losses of several be added up; directions recover apart, so each counts by itself.
        var own = _flows[timing.Move.Flow];
        var side = Direction(timing);
        var together = all.Where(t => t.Lost is not null && Direction(t) == side && IsEqualLoad(_flows[t.Move.Flow], own)).ToList();
        if (!together.Contains(timing)) together = [timing];
        var rates = RateMethod.Apply(together.Select(t => t.Move), own.IntervalNs, timing.LoadIntervalNs, together.Max(ExitBoundNs), gradualNs);
        var methods = timing.Methods(faultNs, together.Sum(t => t.LostSince(faultNs)), together.Count);
        return new FailoverFlow(own.Name, methods with { RateDerivedFirst = rates?.First, RateDerivedFull = rates?.Full })
        {
            Lost = timing.Lost,
            SamplingNs = rates?.First is null ? null : rates.SamplingNs,
            HeldNs = rates?.Full is null ? null : rates.HeldNs,
        };
    }

    private static bool IsEqualLoad(FlowResult one, FlowResult other) => Math.Abs(one.IntervalNs - other.IntervalNs) * 20 <= other.IntervalNs;

    private bool? Direction(MoveTiming timing) =>
        timing.Move.From.Path is >= 0 and var path ? _flows[timing.Move.Flow].Sinks.Paths!.Transits[path]?.FromSite : null;
}
