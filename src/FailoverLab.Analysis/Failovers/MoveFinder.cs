namespace FailoverLab.Analysis;

/// <summary>Finds every move of the working path, and every flow that lost its path for good.</summary>
internal static class MoveFinder
{
    /// <summary>The moves of one flow.</summary>
    /// <param name="flow">Index of the flow.</param>
    /// <param name="paths">Its packets' paths.</param>
    /// <param name="trace">Its working path over time.</param>
    /// <param name="silences">Its outages.</param>
    public static IEnumerable<PathMove> Find(int flow, FlowPaths paths, List<WorkingPath> trace, IReadOnlyList<Silence> silences)
    {
        for (var k = 1; k < trace.Count; k++)
        {
            var to = trace[k];
            yield return new PathMove(flow, trace[k - 1], to, paths.EntryNs(to.First), trace.Take(k - 1).Any(w => w.Path == to.Path && w.Router == to.Router));
        }

        if (trace.Count == 0 || silences.Count == 0 || silences[^1] is not { AfterRow: < 0, BeforeRow: >= 0 } open) yield break;

        // Traffic ended on this path and never moved to another: a failover that did not happen.
        if (trace[^1].First <= open.BeforeRow) yield return new PathMove(flow, trace[^1], null, paths.Flow.ReceivedNs[open.BeforeRow], false);
    }
}
