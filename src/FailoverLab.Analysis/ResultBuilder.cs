using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Puts together what a pass over the captures has counted.</summary>
internal sealed class ResultBuilder
{
    private readonly CapturePass _pass;
    private readonly AnalysisContext _context;
    private readonly List<SequencedTrack> _tracks;
    private readonly List<FlowResult> _flows;

    /// <summary>Takes up a pass that has run.</summary>
    public ResultBuilder(CapturePass pass, AnalysisContext context)
    {
        (_pass, _context) = (pass, context);
        _tracks = Tracks();
        _flows = _tracks.ConvertAll(t => t.Result!);
    }

    /// <summary>The record.</summary>
    public RunResult Build()
    {
        var lastNs = _pass.LastNs;
        var others = _pass.Lanes.Select(l => l.Track).OfType<IReportingTrack>().ToList();
        var series = new SeriesBuilder(
            _pass.Shared.Grid,
            _context.EndNs ?? lastNs,
            _flows.Select(f => f.Sinks.Series).OfType<FlowSeriesWatch>().Concat(others.SelectMany(o => o.Series)),
            _flows.SelectMany(f => f.Sinks.Paths?.Transits ?? []).OfType<LinkTransit>());
        var outages = _flows.SelectMany(f => f.Outages.Select(new OutageBuilder(f, _context.Paths, lastNs).Build))
            .Concat(others.SelectMany(o => o.Outages(lastNs))).OrderBy(o => o.StartNs).ToList();
        var missed = _pass.Lanes.Select(l => l.Track).OfType<SignalTrack>().SelectMany(t => t.Missed)
            .Concat(others.OfType<GenericTrack>().SelectMany(g => g.Missed)).ToList();
        var failovers = new FailoverBuilder(_context, _flows, missed, outages, lastNs);
        var reports = _context.Reports.GroupBy(r => r.Point).ToDictionary(g => g.Key, g => g.First());
        var moves = failovers.Build();
        var clocks = new ClockCrossCheck(_context, _flows, _pass.Shared.Grid.StartNs);
        var links = LinkAuditor.Audit(_context, _flows, _pass.Shared.ClockBoundNs);
        return new RunResult
        {
            Clock = clocks.Report(),
            Captures = [.. _pass.Tallies.Where(t => t.IsReadable).Select(t => t.Summary(t.Point is null ? null : reports.GetValueOrDefault(t.Point)))],
            Flows = [.. _tracks.Select((t, f) => FlowStatistics.Of(_flows[f], t.Kind, series.Of(_flows[f].Sinks.Series), _pass.Shared.ClockBoundNs)), .. others.SelectMany(o => o.Flows(series))],
            Outages = outages,
            Failovers = moves,
            Paths = PathSummaries.Build(_context.Paths, _flows, series),
            Links = links,
            Parameters = new MethodParameters
            {
                ForwardingDelayThresholdNs = FlowCounters.ForwardingDelayThresholdNs,
                SustainedValidationNs = AnatomyBuilder.SustainedNs,
                WaitingTimeNs = FlowTrack.WaitNs,
                PacketSamplingNs = RateRing.BaseNs,
            },
            Caveats = [.. CaveatCollector.Collect(_pass, _flows, _context, reports), .. clocks.Caveats(), .. moves.SelectMany(CaveatCollector.OfFailover), .. LinkAuditor.Caveats(links ?? [])],
        };
    }

    /// <summary>The flows of the plan in its order, then those found beside them: probes by number, others as they appeared.</summary>
    private List<SequencedTrack> Tracks()
    {
        var found = _pass.Lanes.Where(l => l.Track is SequencedTrack).ToList();
        var planned = _context.Flows.Select(f => found.Find(l => l.Key == new FlowKey(f.Id))?.Track as SequencedTrack ?? FlowRecognition.Absent(new FlowKey(f.Id), f, _pass)).ToList();
        found.RemoveAll(l => _context.Flows.Any(f => l.Key == new FlowKey(f.Id)));
        return [.. planned, .. found.OrderBy(l => l.Key.Kind <= FlowKeyKind.ProbeEcho ? l.Key.Number : ulong.MaxValue).Select(l => (SequencedTrack)l.Track!)];
    }
}
