using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Both directions of a TCP connection as the point sees them that saw most of its beginning.</summary>
internal sealed class TcpTrack(FlowKey key, int point, FlowSeriesWatch? forwardSeries, FlowSeriesWatch? backwardSeries) : IReportingTrack
{
    private readonly TcpDirection _forward = new(forwardSeries);
    private readonly TcpDirection _backward = new(backwardSeries);

    /// <inheritdoc/>
    public IEnumerable<FlowSeriesWatch> Series => new[] { forwardSeries, backwardSeries }.OfType<FlowSeriesWatch>();

    /// <inheritdoc/>
    public void Take(Span<Sighting> sightings)
    {
        foreach (ref readonly var sighting in sightings)
        {
            if (sighting.Point != point) continue;
            var segment = TcpSighting.Of(sighting);
            var (own, other) = segment.IsBackward ? (_backward, _forward) : (_forward, _backward);
            own.Send(segment);
            if (segment.HasAcknowledgement) other.Acknowledge(segment.Acknowledgement, segment.StampNs);
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

    private IEnumerable<(string Name, TcpDirection Direction)> Directions() => [(key.Name, _forward), (key.Reversed.Name, _backward)];
}
