using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>The kernel's clocks. Waiting sleeps on a high-resolution timer and may spin the last stretch. Safe from any thread.</summary>
/// <param name="spin">
/// How long before the deadline to stop sleeping and watch the clock instead; zero only sleeps (late by some 30 to 80 us).
/// A spinning thread takes its core from others: keep it below 100 us on two cores.
/// </param>
public sealed unsafe class SystemClock(TimeSpan spin = default) : IClock
{
    private const int Realtime = 0;
    private const int Monotonic = 1;
    private const int Absolute = 1;
    private readonly long _spinNs = spin.Ticks * 100;

    /// <summary>A clock whose waits only sleep.</summary>
    public static SystemClock Shared { get; } = new();

    /// <inheritdoc/>
    public long MonotonicNs => Read(Monotonic);

    /// <inheritdoc/>
    public long RealtimeNs => Read(Realtime);

    /// <inheritdoc/>
    public void WaitUntil(long monotonicNs)
    {
        var sleepUntil = monotonicNs - _spinNs;
        if (sleepUntil > MonotonicNs)
        {
            ProcessControl.SharpenTimersOnce();
            var due = TimeSpec.FromNs(sleepUntil);
            while (Libc.clock_nanosleep(Monotonic, Absolute, &due, null) == Errno.Interrupted)
            {
            }
        }

        while (MonotonicNs < monotonicNs)
        {
        }
    }

    private static long Read(int clock)
    {
        TimeSpec time;
        _ = Libc.clock_gettime(clock, &time);
        return time.TotalNs;
    }
}
