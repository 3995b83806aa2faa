using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Puts the marks of one failover in order: from packets where packets show them, from the stack's own events where only it knows.</summary>
internal sealed class AnatomyBuilder(AnalysisContext context, IReadOnlyList<FlowResult> flows, IReadOnlyList<Outage> outages, IReadOnlyList<MoveGroup> groups)
{
    /// <summary>Recovery must hold this long (RFC 6412 section 3.7.5).</summary>
    public const long SustainedNs = 5_000_000_000;

    /// <summary>Events this long before the first mark may belong to the move.</summary>
    private const long EventSlackNs = 20_000_000;

    private readonly List<AnatomyMark> _marks = [];
    private long _arrivalBoundNs;

    /// <summary>The marks, in order of time.</summary>
    /// <param name="group">The move.</param>
    /// <param name="kind">What it is: a failover is not detected by a path that recovers.</param>
    /// <param name="timings">The move as each flow saw it.</param>
    /// <param name="faultNs">Best single instant of the fault; absent when unknown.</param>
    /// <param name="missedKeepaliveNs">When the first keepalive lost on the old path should have arrived; absent when unknown.</param>
    /// <param name="observationEndNs">End of the observation.</param>
    public IReadOnlyList<AnatomyMark> Build(
        MoveGroup group, FailoverKind kind, IReadOnlyList<MoveTiming> timings, long? faultNs, long? missedKeepaliveNs, long observationEndNs)
    {
        _marks.Clear();
        var good = timings.Where(t => t.Lost is not null).ToList();
        _arrivalBoundNs = timings.Select(t => BoundOf(flows[t.Move.Flow].Ends.IsReceiver)).DefaultIfEmpty(0).Max();
        var pathBound = group.FromPath >= 0 && context.Paths[group.FromPath] is var left ? BoundOf(p => p == left.SitePoint || p == left.FarPoint) : 0;
        Add(AnatomyMarkKind.Fault, faultNs, pathBound);
        Add(AnatomyMarkKind.LastGood, timings.Select(t => t.Move.LastOld?.Packet.ReceivedNs).Max(), _arrivalBoundNs);
        var first = good.MinBy(t => FirstNewNs(t));
        if (first is not null)
        {
            Add(AnatomyMarkKind.FirstOnNewPath, FirstNewNs(first), _arrivalBoundNs);
            var forward = FromSite(first);
            Add(AnatomyMarkKind.ReverseMoved, good.Where(t => FromSite(t) == !forward).Select(t => FirstNewNs(t)).Cast<long?>().Min(), _arrivalBoundNs);
            AddRecovery(group, good, faultNs, observationEndNs);
        }

        var until = first is null ? observationEndNs : FirstNewNs(first);
        AddEvents(group, kind, (faultNs ?? group.AtNs - SustainedNs) - EventSlackNs, until, missedKeepaliveNs, pathBound);
        return [.. _marks.OrderBy(m => m.AtNs).ThenBy(m => m.Mark)];
    }

    private static long FirstNewNs(MoveTiming timing) => timing.Move.FirstNew!.Value.Packet.ReceivedNs;

    private bool? FromSite(MoveTiming timing) => timing.Move.To!.Path is >= 0 and var path ? flows[timing.Move.Flow].Sinks.Paths!.Transits[path]?.FromSite : null;

    private void Add(AnatomyMarkKind mark, long? atNs, long boundNs)
    {
        if (atNs is { } at) _marks.Add(new AnatomyMark(mark, at) { BoundNs = boundNs > 0 ? boundNs : null });
    }

    private void Add(AnatomyMarkKind mark, RunEvent? happening) =>
        Add(mark, happening?.AtNs, happening?.Host is { } host ? BoundOf(p => p.StartsWith(host + ".", StringComparison.Ordinal)) : 0);

    /// <summary>How wrong the clocks of some points may be at most, ns.</summary>
    private long BoundOf(Func<string, bool> isMeant) => context.Clocks.Where(c => isMeant(c.Point)).Select(c => c.BoundNs).DefaultIfEmpty(0).Max();

    /// <summary>All flows are forwarded again: those that moved, and any that the fault cut off elsewhere. What was dead before is not waited for.</summary>
    private void AddRecovery(MoveGroup group, List<MoveTiming> good, long? faultNs, long observationEndNs)
    {
        var recovered = good.Max(t => FirstNewNs(t));
        var begin = Math.Min(faultNs ?? long.MaxValue, good.Min(t => t.Move.LastOld!.Value.Packet.ReceivedNs));
        foreach (var outage in outages.Where(o => o.StartNs >= begin && o.StartNs <= recovered))
        {
            if (outage.EndNs is not { } end) return;
            recovered = Math.Max(recovered, end);
        }

        Add(AnatomyMarkKind.Recovered, recovered, _arrivalBoundNs);
        var sustained = recovered + SustainedNs;
        var disturbed = outages.Any(o => o.StartNs >= recovered && o.StartNs < sustained)
            || groups.Any(g => g != group && g.AtNs > recovered && g.AtNs < sustained);
        if (!disturbed && sustained <= observationEndNs) Add(AnatomyMarkKind.Sustained, sustained, _arrivalBoundNs);
    }

    private void AddEvents(MoveGroup group, FailoverKind kind, long sinceNs, long untilNs, long? missedKeepaliveNs, long pathBoundNs)
    {
        var from = group.FromPath >= 0 ? context.Paths[group.FromPath].Name : null;
        var to = group.ToPath >= 0 ? context.Paths[group.ToPath].Name : null;
        var decided = Events("switch-decided", sinceNs, untilNs).LastOrDefault(e => Says(e, "toPath", to) && Says(e, "fromPath", from));
        var detectedBy = decided?.AtNs ?? untilNs;
        var detected = Events("path-dead", sinceNs, detectedBy).Concat(Events("path-degraded", sinceNs, detectedBy)).Where(e => Says(e, "path", from)).MinBy(e => e.AtNs)
            ?? (kind == FailoverKind.Reversion ? Events("path-recovered", sinceNs, detectedBy).LastOrDefault(e => Says(e, "path", to)) : null);
        var suspect = Events("path-suspect", sinceNs, detectedBy).FirstOrDefault(e => Says(e, "path", from));
        // A move that begins with the recovery of the better path had no keepalive missing.
        if (missedKeepaliveNs is not null) Add(AnatomyMarkKind.MissedKeepalive, missedKeepaliveNs, pathBoundNs);
        else if (detected?.Text != "path-recovered") Add(AnatomyMarkKind.MissedKeepalive, suspect);
        Add(AnatomyMarkKind.Detected, detected);
        Add(AnatomyMarkKind.Decided, decided);
        Add(AnatomyMarkKind.Commanded, Commanded(decided, to, sinceNs, untilNs));
    }

    /// <summary>The activation of this switch: the one of the decision's number; without a number, the first that names the new path before traffic is on it.</summary>
    private RunEvent? Commanded(RunEvent? decided, string? to, long sinceNs, long untilNs)
    {
        if (decided?.Data?.GetValueOrDefault("correlation") is { } correlation)
            return Events("activation-sent", decided.AtNs, untilNs + SustainedNs).FirstOrDefault(e => Says(e, "correlation", correlation));
        return to is null ? null : Events("activation-sent", decided?.AtNs ?? sinceNs, untilNs).FirstOrDefault(e => e.Data?.GetValueOrDefault("path") == to);
    }

    private IEnumerable<RunEvent> Events(string name, long sinceNs, long untilNs) =>
        context.StackEvents
            .Where(e => e.Kind == RunEventKind.Stack && e.Text == name && e.AtNs >= sinceNs && e.AtNs <= untilNs)
            .OrderBy(e => e.AtNs);

    /// <summary>Whether an event agrees on a fact; what either side does not say agrees.</summary>
    private static bool Says(RunEvent happening, string key, string? value) =>
        value is null || happening.Data is null || !happening.Data.TryGetValue(key, out var said) || said == value;
}
