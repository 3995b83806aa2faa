using FailoverLab.Analysis;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Cuts a run into the stretches over which each direction of each link was asked one certain thing. Pure.</summary>
internal static class LinkAskedBuilder
{
    /// <summary>A change is told before it is done: so long before it was commanded the stretch ends, and after it was acknowledged the next begins.</summary>
    private const long GuardNs = 2_000_000;

    /// <summary>Stretches below this say nothing.</summary>
    private const long ShortestNs = 50_000_000;

    /// <summary>The stretches of all links, by link, direction and time.</summary>
    public static IEnumerable<LinkAsked> Build(RunPlan plan, RunRecord record)
    {
        var started = record.Events.Where(e => e is { Step: not null, StartedNs: not null })
            .GroupBy(e => e.Step!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var link in AuditedLink.Of(plan, record))
        {
            var changes = plan.Steps.Where(s => s.Action is LinkChangeStep c && c.Link == link.Name && started.ContainsKey(s.Name))
                .Select(s => ((LinkChangeStep)s.Action, started[s.Name])).OrderBy(c => c.Item2.StartedNs).ToList();
            foreach (var isUp in new[] { true, false })
            {
                foreach (var asked in Of(link, isUp, changes, record.StartNs))
                {
                    yield return asked;
                }
            }
        }
    }

    private static IEnumerable<LinkAsked> Of(AuditedLink link, bool isUp, List<(LinkChangeStep Change, RunEvent Event)> changes, long startNs)
    {
        var state = isUp ? link.Up : link.Down;
        var fromNs = link.IsToldWhole ? null : (long?)startNs;
        var isUnsure = false;
        foreach (var (change, told) in changes)
        {
            var isThisWay = change.Direction == LinkDirection.Both || change.Direction == (isUp ? LinkDirection.Up : LinkDirection.Down);
            if (!isThisWay && !link.IsToldWhole)
            {
                continue;
            }

            var (before, guardNs) = (state, GuardNs + link.BoundNs + (RunConclusion.Bound(told) ?? 0));
            // A link whose carrier goes takes along what is inside; any other change lets it out.
            var inside = isThisWay && change.Change.Carrier is false ? Longest(before) : 0;
            if (Stretch(before, fromNs, told.StartedNs!.Value - guardNs - inside) is { } asked)
            {
                yield return asked;
            }

            state = isThisWay ? state.With(change.Change) : state;
            // A change nobody acknowledged may come at any time, and may have been made in part: what is there then is known again when everything is told.
            isUnsure = (isUnsure && !change.IsRestore) || told.AcknowledgedNs is null;
            // What is still inside leaves first, and what comes after may have to wait for it.
            fromNs = isUnsure ? null : told.AcknowledgedNs + Longest(before) + guardNs;
        }

        // What is inside when the link is given back may be lost.
        if (Stretch(state, fromNs, link.EndNs - link.BoundNs - Longest(state)) is { } last)
        {
            yield return last;
        }

        long Longest(LinkChange of) => LinkExpectation.LongestNs(link.AsDriven(of));

        LinkAsked? Stretch(LinkChange asked, long? from, long to) => from is { } begin && to - begin >= ShortestNs && asked.Carrier is not false
            ? LinkExpectation.Of(link.AsDriven(asked), link.Path, isUp, begin, to) with { Words = LinkExpectation.Words(asked) }
            : null;
    }
}
