using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>A flow without numbers, judged by the gaps between its packets at the point where it was seen last on its way.</summary>
internal sealed class GenericTrack(FlowKey key, int point, FlowSeriesWatch? series, LaneContext context) : IReportingTrack
{
    private const int MostGaps = 64;

    private readonly PriorityQueue<(long FromNs, long ToNs), long> _longest = new();
    private readonly Dictionary<int, CadenceWatch?> _cadences = [];
    private readonly ValueDistribution _gaps = new();
    private long _packets;
    private long _bytes;
    private long _firstNs;
    private long _lastNs;

    /// <summary>Packets counted.</summary>
    public long Packets => _packets;

    /// <summary>The ends of paths that saw the flow.</summary>
    public IEnumerable<int> PathPoints => _cadences.Where(c => c.Value is not null).Select(c => c.Key);

    /// <summary>Regular packets that failed to come at the end of a link.</summary>
    public IEnumerable<MissedSignal> Missed => _cadences.Values.OfType<CadenceWatch>().SelectMany(c => c.Misses);

    /// <inheritdoc/>
    public IEnumerable<FlowSeriesWatch> Series => series is null ? [] : [series];

    /// <inheritdoc/>
    public IEnumerable<(string Flow, int Point)> Sources => _packets == 0 ? [] : [(key.Name, point)];

    /// <inheritdoc/>
    public void Take(Span<Sighting> sightings)
    {
        foreach (ref readonly var sighting in sightings)
        {
            if (context.Plan.Paths.Count > 0) CadenceAt(sighting.Point)?.Add(sighting.StampNs, sighting.Length);
            if (sighting.Point != point) continue;
            if (_packets++ == 0) _firstNs = sighting.StampNs;
            else TakeGap(_lastNs, sighting.StampNs);
            _lastNs = sighting.StampNs;
            _bytes += sighting.Length;
            series?.Received.Add(sighting.StampNs);
            series?.Bytes.Add(sighting.StampNs, sighting.Length);
        }
    }

    /// <inheritdoc/>
    public void Settle(long nowNs)
    {
        // Every packet is counted when it is seen.
    }

    /// <inheritdoc/>
    public void Finish(long observationEndNs)
    {
        // What comes after the last packet is no gap of the flow: an unnumbered flow may end at any time.
        foreach (var cadence in _cadences.Values) cadence?.Finish(observationEndNs);
    }

    /// <inheritdoc/>
    public IEnumerable<FlowSummary> Flows(SeriesBuilder builder) =>
        _packets == 0 ? [] : [new FlowSummary { Id = key.Name, Kind = FlowKind.Generic, IntervalNs = _gaps.Summarise()?.Median, Received = _packets, Bytes = _bytes, Series = builder.Of(series) }];

    /// <inheritdoc/>
    public IEnumerable<Outage> Outages(long observationEndNs)
    {
        if (GapRule.Limit(_packets, _lastNs - _firstNs, _gaps) is not { } limit) return [];
        var usual = limit.UsualNs;
        return _longest.UnorderedItems.Select(g => g.Element).Where(g => g.ToNs - g.FromNs > limit.LongestNs).Select(g => new Outage
        {
            Flow = key.Name,
            StartNs = g.FromNs,
            EndNs = g.ToNs,
            DurationNs = g.ToNs - g.FromNs - usual,
            LowNs = Math.Max(0, g.ToNs - g.FromNs - (2 * limit.LongestNs)),
            HighNs = g.ToNs - g.FromNs,
            Recovered = true,
        });
    }

    private CadenceWatch? CadenceAt(int at)
    {
        if (_cadences.TryGetValue(at, out var cadence)) return cadence;
        var name = context.Names[at];
        var path = context.Plan.Paths.ToList().FindIndex(p => p.SitePoint == name || p.FarPoint == name);
        return _cadences[at] = path < 0 ? null : new CadenceWatch(path);
    }

    private void TakeGap(long fromNs, long toNs)
    {
        var gap = toNs - fromNs;
        _gaps.Add(gap);
        if (_longest.Count < MostGaps) _longest.Enqueue((fromNs, toNs), gap);
        else if (_longest.TryPeek(out _, out var shortest) && gap > shortest) _longest.EnqueueDequeue((fromNs, toNs), gap);
    }
}
