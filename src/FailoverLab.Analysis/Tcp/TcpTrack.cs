using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>
/// Both directions of a TCP connection, each as the point nearest to its sender sees it: only there are segments seen that die on the
/// way, and round trips whole.
/// </summary>
internal sealed class TcpTrack(FlowKey key, (int Forward, int Backward) points, FlowSeriesWatch? forwardSeries, FlowSeriesWatch? backwardSeries) : IReportingTrack
{
    private readonly TcpDirection _forward = new(forwardSeries);
    private readonly TcpDirection _backward = new(backwardSeries);

    /// <inheritdoc/>
    public IEnumerable<FlowSeriesWatch> Series => new[] { forwardSeries, backwardSeries }.OfType<FlowSeriesWatch>();

    /// <inheritdoc/>
    public IEnumerable<(string Flow, int Point)> Sources => Directions().Where(d => d.Direction.Segments > 0).Select(d => (d.Name, d.Direction == _forward ? points.Forward : points.Backward));

    /// <inheritdoc/>
    public void Take(Span<Sighting> sightings)
    {
        foreach (ref readonly var sighting in sightings)
        {
            var segment = TcpSighting.Of(sighting);
            if (sighting.Point == points.Forward) Take(_forward, segment, !segment.IsBackward);
            if (sighting.Point == points.Backward) Take(_backward, segment, segment.IsBackward);
        }
    }

    /// <inheritdoc/>
    public void Settle(long nowNs)
    {
        // Every segment is counted when it is seen.
    }

    /// <inheritdoc/>
    public void Finish(long observationEndNs)
    {
        _forward.Finish(observationEndNs);
        _backward.Finish(observationEndNs);
    }

    /// <inheritdoc/>
    public IEnumerable<FlowSummary> Flows(SeriesBuilder series) =>
        Directions().Where(d => d.Direction.Segments > 0).Select(d => new FlowSummary
        {
            Id = d.Name,
            Kind = FlowKind.Tcp,
            Received = d.Direction.Segments - d.Direction.Retransmissions,
            Bytes = d.Direction.Bytes,
            Retransmissions = d.Direction.Retransmissions,
            Reordered = d.Direction.Reordered,
            RoundTripNs = d.Direction.RoundTrips.Summarise(),
            Series = series.Of(d.Direction.Series),
        });

    /// <inheritdoc/>
    public IEnumerable<Outage> Outages(long observationEndNs) =>
        Directions().SelectMany(d => d.Direction.Stalls.Select(s => new Outage
        {
            Flow = d.Name,
            StartNs = s.StartNs,
            EndNs = s.EndNs,
            DurationNs = (s.EndNs ?? observationEndNs) - s.StartNs,
            LowNs = s.CertainNs,
            HighNs = s.EndNs - s.StartNs,
            Recovered = s.EndNs is not null,
        }));

    private static void Take(TcpDirection direction, in TcpSighting segment, bool isOwn)
    {
        if (isOwn) direction.Send(segment);
        else if (segment.HasAcknowledgement) direction.Acknowledge(segment.Acknowledgement, segment.StampNs);
    }

    private IEnumerable<(string Name, TcpDirection Direction)> Directions() => [(key.Name, _forward), (key.Reversed.Name, _backward)];
}
