using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>What each path carried.</summary>
internal static class PathSummaries
{
    /// <summary>One entry per path, in the order of the context.</summary>
    public static List<PathSummary> Build(IReadOnlyList<PathContext> paths, IReadOnlyList<FlowResult> flows, SeriesBuilder series)
    {
        var transits = paths.Select((_, p) => flows.Select(f => p < AnalysisContext.MostPaths ? f.Sinks.Paths?.Transits[p] : null).OfType<LinkTransit>().ToList()).ToList();
        var total = transits.Sum(t => t.Sum(l => l.Entered));
        return [.. paths.Select((path, p) => Build(path.Name, p, transits[p], total, flows, series))];
    }

    private static PathSummary Build(
        string name, int path, List<LinkTransit> transits, long total, IReadOnlyList<FlowResult> flows, SeriesBuilder series)
    {
        var packets = transits.Sum(t => t.Entered);
        var bothEnds = transits.Count > 0 && transits.TrueForAll(t => t.BothEnds);
        var (returns, periodNs) = Flaps(path, flows);
        var delays = new ValueDistribution();
        foreach (var transit in transits) delays.Add(transit.Delays);
        return new PathSummary
        {
            Name = name,
            Packets = packets,
            Share = total == 0 ? 0 : (double)packets / total,
            FlapCount = returns,
            FlapPeriodNs = periodNs,
            Lost = bothEnds ? transits.Sum(t => t.Lost) : null,
            Bytes = transits.Sum(t => t.Bytes),
            ByteSeries = series.SumOf(transits.Select(t => t.ByteSeries)),
            DelaySeriesNs = bothEnds ? series.DelayOf(transits.Select(t => t.DelaySeries)) : null,
            DelayNs = delays.Summarise(),
        };
    }

    /// <summary>Returns to the path, and the median time between them, of the flow that returned most often.</summary>
    private static (int Returns, long? PeriodNs) Flaps(int path, IReadOnlyList<FlowResult> flows)
    {
        var most = new List<long>();
        foreach (var trace in flows.Select(f => f.Sinks.Paths?.Trace ?? []))
        {
            var returns = new List<long>();
            var left = false;
            for (var k = 1; k < trace.Count; k++)
            {
                if (trace[k - 1].Path == path && trace[k].Path != path) left = true;
                if (left && trace[k].Path == path && trace[k - 1].Path != path) returns.Add(trace[k].EntryNs);
            }

            if (returns.Count > most.Count) most = returns;
        }

        var periods = most.Zip(most.Skip(1), (a, b) => b - a).ToArray();
        return (most.Count, periods.Length == 0 ? null : Quantile.Median(periods));
    }
}
