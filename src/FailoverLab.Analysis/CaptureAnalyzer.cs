using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>From captures to the run record. Methods and definitions: docs/MEASUREMENT.md.</summary>
public static class CaptureAnalyzer
{
    /// <summary>Analyses captures. The result depends on nothing but the files and the context; a file that is no capture is a caveat
    /// (<c>capture-unreadable</c>) and not in the record.</summary>
    /// <param name="captures">Capture files, all stamped by one clock; order gives the order in the record.</param>
    /// <param name="context">What is known beside them; <see cref="AnalysisContext.Empty"/> for loose captures.</param>
    /// <param name="token">Ends the reading early.</param>
    /// <returns>The record without its run-only members.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was canceled.</exception>
    public static RunResult Analyze(IReadOnlyList<CaptureInput> captures, AnalysisContext context, CancellationToken token)
    {
        var scans = Scan(captures, context, token);
        var sightings = new Sightings(scans);
        var tables = Tables(sightings, context);
        token.ThrowIfCancellationRequested();
        var paths = tables.ConvertAll(t => new FlowPaths(t, sightings, context));
        var traces = paths.ConvertAll(WorkingPath.Trace);
        var lastNs = scans.Max(s => s.Summary.LastNs) ?? 0;
        var bins = Bins.Cover(context.StartNs ?? tables.Where(t => t.Count > 0).Min(t => (long?)t.SendNs[0]) ?? 0, context.EndNs ?? lastNs);
        var silences = tables.ConvertAll(t => new OutageDetector(t, lastNs).Find());
        var outages = tables.SelectMany((t, f) => silences[f].Select(new OutageBuilder(t, paths[f], context.Paths, lastNs).Build))
            .OrderBy(o => o.StartNs).ToList();
        var groups = MoveGroup.Group(tables.SelectMany((_, f) => MoveFinder.Find(f, paths[f], traces[f], silences[f])));
        return new RunResult
        {
            Captures = [.. scans.Where(s => s.IsReadable).Select(s => s.Summary)],
            Flows = [.. tables.Select((t, f) => FlowStatistics.Of(t, SeriesBuilder.Build(t, bins, paths[f].Entered, context.Paths.Count)))],
            Outages = outages,
            Failovers = new FailoverBuilder(context, sightings, paths, outages, lastNs).Build(groups),
            Paths = PathSummaries.Build(context.Paths, paths, traces, bins),
            Caveats = CaveatCollector.Collect(scans, tables, context, sightings.Points),
        };
    }

    private static CaptureScan[] Scan(IReadOnlyList<CaptureInput> captures, AnalysisContext context, CancellationToken token)
    {
        var scans = new CaptureScan[captures.Count];
        Parallel.For(0, captures.Count, new ParallelOptions { CancellationToken = token, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var scan = CaptureScanner.Scan(captures[i], token);
            var report = context.Reports.FirstOrDefault(r => r.Point == scan.Summary.Point);
            scans[i] = report is null
                ? scan
                : scan with { Summary = scan.Summary with { Reported = report.Packets, Dropped = scan.Summary.Dropped ?? report.Dropped } };
        });
        return scans;
    }

    /// <summary>The flows of the plan in its order, then those found beside them, by number.</summary>
    private static List<FlowTable> Tables(Sightings sightings, AnalysisContext context)
    {
        var planned = context.Flows.Select(f => (Key: new FlowKey(f.Id), Context: f));
        var found = sightings.Flows
            .Where(k => !k.IsSignal && (k.IsEcho || context.Flows.All(f => f.Id != k.Id)))
            .Select(k => (Key: k, Context: new FlowContext(k.Id, k.IsEcho ? $"flow-{k.Id}/echo" : $"flow-{k.Id}")));
        return [.. planned.Concat(found).Select(f => Table(sightings, f.Key, f.Context))];
    }

    private static FlowTable Table(Sightings sightings, FlowKey key, FlowContext context)
    {
        var ends = FlowEnds.Find(context, sightings.Of(key), sightings.Points);
        return FlowTableBuilder.Build(key, ends.Context, ends.Sender, ends.Receiver);
    }
}
