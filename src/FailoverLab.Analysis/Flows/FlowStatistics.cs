using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>The figures of one flow.</summary>
internal static class FlowStatistics
{
    /// <summary>Sums up a flow.</summary>
    public static FlowSummary Of(FlowResult flow, FlowKind kind, FlowSeries? series, Func<string?, string?, long>? clockBoundNs = null)
    {
        var (ends, sinks) = (flow.Ends, flow.Sinks);
        var delays = sinks.Delays.Summarise();
        var (sent, received) = (ends.Context.SentPoint, ends.Context.ReceivedPoint);
        var bound = clockBoundNs?.Invoke(sent, received) ?? 0;
        var isRoundTrip = kind == FlowKind.IcmpEcho;
        var offered = ends.HasSender ? sinks.Counters.Sent : flow.Count;
        return new FlowSummary
        {
            Id = flow.Name,
            Kind = kind,
            From = ends.Context.From,
            To = ends.Context.To,
            IntervalNs = flow.IntervalNs > 0 ? flow.IntervalNs : null,
            Sent = ends.HasSender ? sinks.Counters.Sent : null,
            Received = sinks.Counters.Received,
            Lost = ends.HasReceiver ? flow.Lost : null,
            Duplicates = ends.HasReceiver ? sinks.Counters.Duplicates : null,
            Reordered = ends.HasReceiver ? sinks.Counters.Reordered : null,
            Late = ends is { HasSender: true, HasReceiver: true } ? sinks.Counters.Late : null,
            OneWayDelayNs = isRoundTrip ? null : delays,
            DelayBoundNs = delays is null || bound == 0 ? null : bound,
            RoundTripNs = isRoundTrip ? delays : null,
            Bytes = sinks.Counters.Bytes,
            Quality = sinks.Quality?.Build(sinks.Losses, isRoundTrip ? new ValueDistribution() : sinks.Delays),
            Hops = ends.HasSender ? sinks.Hops.Build(point => clockBoundNs?.Invoke(sent, point) ?? 0) : null,
            JitterNs = sinks.Jitter.EstimateNs,
            Mos = delays is null || isRoundTrip ? null : Math.Round(OpinionScore.Of(sinks.DelaySumNs / sinks.DelayCount / 1e6, sinks.Jitter.MeanNs / 1e6, 100.0 * flow.Lost / offered), 3),
            Series = series,
        };
    }
}
