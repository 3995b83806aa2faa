using FailoverLab.Analysis;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Cuts a run into the stretches over which each direction of each link was asked one certain thing. Pure.</summary>
internal static class LinkAskedBuilder
{
    /// <summary>A change is told before it is done: so long before it was commanded the stretch ends, and after it was acknowledged the next begins.</summary>
    private const long GuardNs = 2_000_000;

    /// <summary>Captures may end so long before the run.</summary>
    private const long EndGuardNs = 100_000_000;

    /// <summary>Stretches below this say nothing.</summary>
    private const long ShortestNs = 50_000_000;

    /// <summary>The stretches of all links, by link, direction and time.</summary>
    public static IEnumerable<LinkAsked> Build(RunPlan plan, RunRecord record)
    {
        var started = record.Events.Where(e => e is { Step: not null, StartedNs: not null })
            .GroupBy(e => e.Step!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var link in plan.Topology?.WanLinks ?? [])
        {
            var changes = plan.Steps.Where(s => s.Action is LinkChangeStep c && c.Link == link.Name && started.ContainsKey(s.Name))
                .Select(s => ((LinkChangeStep)s.Action, started[s.Name])).OrderBy(c => c.Item2.StartedNs).ToList();
            foreach (var isUp in new[] { true, false })
            {
                foreach (var asked in Of(link, isUp, changes, record.StartNs, record.EndNs - EndGuardNs))
                {
                    yield return asked;
                }
            }
        }
    }

    private static IEnumerable<LinkAsked> Of(WanLinkPlan link, bool isUp, List<(LinkChangeStep Change, RunEvent Event)> changes, long startNs, long endNs)
    {
        var state = isUp ? link.Profile : link.ProfileDown ?? link.Profile;
        var fromNs = (long?)startNs;
        foreach (var (change, told) in changes)
        {
            if (change.Direction != LinkDirection.Both && change.Direction != (isUp ? LinkDirection.Up : LinkDirection.Down))
            {
                continue;
            }

            var before = state;
            // A link whose carrier goes takes along what is inside; any other change lets it out.
            var inside = change.Change.Carrier is false ? LinkExpectation.LongestNs(before) : 0;
            if (Stretch(before, fromNs, told.StartedNs!.Value - GuardNs - inside) is { } asked)
            {
                yield return asked;
            }

            state = state.With(change.Change);
            // What is still inside leaves first, and what comes after may have to wait for it. A change nobody acknowledged may come at any time.
            fromNs = told.AcknowledgedNs + LinkExpectation.LongestNs(before) + GuardNs;
        }

        if (Stretch(state, fromNs, endNs - LinkExpectation.LongestNs(state)) is { } last)
        {
            yield return last;
        }

        LinkAsked? Stretch(LinkChange asked, long? from, long to) =>
            from is { } begin && to - begin >= ShortestNs && asked.Carrier is not false ? LinkExpectation.Of(asked, link.Path, isUp, begin, to) : null;
    }
}
