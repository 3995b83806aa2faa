using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>What each path carried.</summary>
internal static class PathSummaries
{
    /// <summary>One entry per path, in the order of the context.</summary>
    public static List<PathSummary> Build(
        IReadOnlyList<PathContext> paths, IReadOnlyList<FlowPaths> flows, IReadOnlyList<List<WorkingPath>> traces, Bins bins)
    {
        var carried = paths.Select((_, p) => flows.Sum(f => Entries(f.Transit(p)))).ToList();
        var total = carried.Sum();
        return [.. paths.Select((path, p) => Build(path.Name, p, carried[p], total, flows, traces, bins))];
    }

    private static PathSummary Build(
        string name, int path, long packets, long total, IReadOnlyList<FlowPaths> flows, IReadOnlyList<List<WorkingPath>> traces, Bins bins)
    {
        var transits = flows.Select(f => f.Transit(path)).OfType<LinkTransit>().ToList();
        var delays = new long[packets];
        var delayBins = new int[packets];
        var (count, lost) = (0, 0L);
        foreach (var transit in transits)
        {
            for (var row = 0; row < transit.EntryNs.Length; row++)
            {
                if (transit.EntryNs[row] == FlowTable.Missing) continue;
                if (transit.ExitNs[row] == FlowTable.Missing)
                {
                    lost++;
                    continue;
                }

                delays[count] = transit.ExitNs[row] - transit.EntryNs[row];
                delayBins[count++] = bins.Of(transit.EntryNs[row]);
            }
        }

        var bothEnds = transits.Count > 0 && transits.TrueForAll(t => t.BothEnds);
        var (returns, periodNs) = Flaps(path, flows, traces);
        return new PathSummary
        {
            Name = name,
            Packets = packets,
            Share = total == 0 ? 0 : (double)packets / total,
            FlapCount = returns,
            FlapPeriodNs = periodNs,
            Lost = bothEnds ? lost : null,
            DelaySeriesNs = bothEnds ? bins.Medians(delayBins.AsSpan(0, count), delays.AsSpan(0, count)) : null,
            DelayNs = Quantile.Summarise(delays.AsSpan(0, count)),
        };
    }

    private static long Entries(LinkTransit? transit) => transit?.EntryNs.LongCount(ns => ns != FlowTable.Missing) ?? 0;

    /// <summary>Returns to the path, and the median time between them, of the flow that returned most often.</summary>
    private static (int Returns, long? PeriodNs) Flaps(int path, IReadOnlyList<FlowPaths> flows, IReadOnlyList<List<WorkingPath>> traces)
    {
        var most = new List<long>();
        for (var f = 0; f < flows.Count; f++)
        {
            var returns = new List<long>();
            var left = false;
            for (var k = 1; k < traces[f].Count; k++)
            {
                if (traces[f][k - 1].Path == path && traces[f][k].Path != path) left = true;
                if (left && traces[f][k].Path == path && traces[f][k - 1].Path != path) returns.Add(flows[f].EntryNs(traces[f][k].First));
            }

            if (returns.Count > most.Count) most = returns;
        }

        var periods = most.Zip(most.Skip(1), (a, b) => b - a).ToArray();
        return (most.Count, periods.Length == 0 ? null : Quantile.Median(periods));
    }
}
