using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>The figures of one flow from its table.</summary>
internal static class FlowStatistics
{
    /// <summary>A packet later than this counts as late (RFC 6412 section 3.7.6 asks to state it; RFC 2544 section 26.1 waits 2 s).</summary>
    public const long ForwardingDelayThresholdNs = 2_000_000_000;

    /// <summary>Sums up a flow.</summary>
    public static FlowSummary Of(FlowTable flow, FlowSeries? series)
    {
        var delays = Delays(flow);
        var late = delays.LongCount(d => d > ForwardingDelayThresholdNs);
        var meanDelayMs = delays.Length == 0 ? 0 : delays.Average() / 1e6;
        var (jitterNs, meanJitterNs) = Jitter(flow);
        long lost = flow.LostBefore[flow.Count];
        var offered = flow.HasSender ? flow.Sent.LongCount(s => s) : flow.Count;
        return new FlowSummary
        {
            Id = flow.Context.Name,
            Kind = FlowKind.Probe,
            From = flow.Context.From,
            To = flow.Context.To,
            IntervalNs = flow.IntervalNs > 0 ? flow.IntervalNs : null,
            Sent = flow.HasSender ? offered : null,
            Received = flow.Arrivals.Length,
            Lost = flow.HasReceiver ? lost : null,
            Duplicates = flow.HasReceiver ? flow.Duplicates : null,
            Reordered = flow.HasReceiver ? Reordered(flow) : null,
            Late = flow is { HasSender: true, HasReceiver: true } ? late : null,
            OneWayDelayNs = Quantile.Summarise(delays),
            JitterNs = flow.Arrivals.Length > 1 ? jitterNs : null,
            Mos = delays.Length == 0 ? null : Math.Round(OpinionScore.Of(meanDelayMs, meanJitterNs / 1e6, 100.0 * lost / offered), 3),
            Series = series,
        };
    }

    /// <summary>One-way delays of the packets seen at both ends.</summary>
    private static long[] Delays(FlowTable flow)
    {
        if (!flow.HasSender) return [];
        var delays = new long[flow.Arrivals.Length];
        var count = 0;
        foreach (var row in flow.Arrivals)
        {
            if (flow.Sent[row]) delays[count++] = flow.ReceivedNs[row] - flow.SendNs[row];
        }

        Array.Resize(ref delays, count);
        return delays;
    }

    /// <summary>Arrivals with a number below the next expected one (RFC 4737 section 3.3).</summary>
    private static long Reordered(FlowTable flow)
    {
        var nextExpected = 0;
        var reordered = 0L;
        foreach (var row in flow.Arrivals)
        {
            if (row < nextExpected) reordered++;
            else nextExpected = row + 1;
        }

        return reordered;
    }

    /// <summary>The running estimate at the end of the flow (RFC 3550 section 6.4.1), and the plain mean of the same differences.</summary>
    private static (long EstimateNs, double MeanNs) Jitter(FlowTable flow)
    {
        var estimate = 0.0;
        var sum = 0.0;
        for (var k = 1; k < flow.Arrivals.Length; k++)
        {
            var (i, j) = (flow.Arrivals[k - 1], flow.Arrivals[k]);
            var difference = Math.Abs((double)((flow.ReceivedNs[j] - flow.SendNs[j]) - (flow.ReceivedNs[i] - flow.SendNs[i])));
            estimate += (difference - estimate) / 16;
            sum += difference;
        }

        return ((long)Math.Round(estimate), flow.Arrivals.Length > 1 ? sum / (flow.Arrivals.Length - 1) : 0);
    }
}
