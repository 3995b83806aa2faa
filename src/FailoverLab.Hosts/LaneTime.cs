using FailoverLab.Dataplane;

namespace FailoverLab.Hosts;

/// <summary>The time of a lane: waits for the plan's instants, and gives up as soon as the lane is stopped.</summary>
/// <param name="clock">The time to wait on.</param>
internal sealed class LaneTime(IClock clock)
{
    /// <summary>Longest single wait: how late a <see cref="Stop"/> may be noticed.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);

    private long _startNs;
    private volatile bool _stopped;

    /// <summary>Nothing is waited for any more; from any thread.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Says when the plan begins.</summary>
    /// <param name="startRealtimeNs">CLOCK_REALTIME ns.</param>
    public void Begin(long startRealtimeNs) =>
        // Waiting is on the monotonic clock: a step of the wall clock during the run must not move the plan.
        _startNs = ClockReading.Of(clock).ToMonotonicNs(startRealtimeNs);

    /// <summary>The instant so long after the plan's beginning, CLOCK_MONOTONIC ns.</summary>
    public long DueNs(TimeSpan at) => _startNs + (at.Ticks * 100);

    /// <summary>Waits until so long after the plan's beginning.</summary>
    /// <returns>Whether that has come; false when stopped.</returns>
    public bool WaitUntil(TimeSpan at)
    {
        var untilNs = DueNs(at);
        while (!_stopped && clock.MonotonicNs < untilNs)
        {
            clock.WaitUntil(Math.Min(untilNs, clock.MonotonicNs + (Nap.Ticks * 100)));
        }

        return !_stopped;
    }
}
