using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>
/// Requests at planned instants, whether or not earlier ones were answered in time: a latency runs from the plan to the last byte, so a server
/// that stalls is charged for everyone who would have waited (an open loop).
/// </summary>
/// <param name="StartNs">First instant, monotonic.</param>
/// <param name="PeriodNs">Between two requests of one lane.</param>
/// <param name="Count">Requests.</param>
internal sealed record Schedule(long StartNs, long PeriodNs, int Count)
{
    /// <summary>Makes every request; gives the latencies, ns, in the order of the plan.</summary>
    /// <param name="ask">Makes one request; whether it was answered as it should be.</param>
    public (long[] Latencies, int Wrong) Run(Func<int, bool> ask)
    {
        var clock = SystemClock.Shared;
        var latencies = new long[Count];
        var wrong = 0;
        for (var i = 0; i < Count; i++)
        {
            var planned = StartNs + (i * PeriodNs);
            clock.WaitUntil(planned);
            wrong += ask(i) ? 0 : 1;
            latencies[i] = clock.MonotonicNs - planned;
        }

        return (latencies, wrong);
    }
}
