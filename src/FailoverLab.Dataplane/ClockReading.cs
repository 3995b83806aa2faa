namespace FailoverLab.Dataplane;

/// <summary>Both clocks of a machine, read as one: an instant of the wall clock becomes one of the clock that never steps.</summary>
/// <param name="MonotonicNs">CLOCK_MONOTONIC, ns; never before the wall clock was read.</param>
/// <param name="RealtimeNs">CLOCK_REALTIME, ns since the Unix epoch.</param>
public readonly record struct ClockReading(long MonotonicNs, long RealtimeNs)
{
    private const int Attempts = 8;
    private const long ApartNs = 500;

    /// <summary>What the wall clock is ahead, ns.</summary>
    public long RealtimeLeadNs => RealtimeNs - MonotonicNs;

    /// <summary>
    /// Reads the clocks. Should the thread be interrupted between the two, it tries again; what error is left makes instants of the wall clock look
    /// later, never earlier.
    /// </summary>
    /// <param name="clock">The clocks.</param>
    public static ClockReading Of(IClock clock)
    {
        for (var attempt = 1; ; attempt++)
        {
            var beforeNs = clock.MonotonicNs;
            var realtimeNs = clock.RealtimeNs;
            var afterNs = clock.MonotonicNs;
            if (afterNs - beforeNs <= ApartNs || attempt == Attempts)
            {
                return new ClockReading(afterNs, realtimeNs);
            }
        }
    }

    /// <summary>An instant of the wall clock, CLOCK_MONOTONIC ns.</summary>
    /// <param name="realtimeNs">CLOCK_REALTIME, ns since the Unix epoch.</param>
    public long ToMonotonicNs(long realtimeNs) => realtimeNs - RealtimeLeadNs;
}
