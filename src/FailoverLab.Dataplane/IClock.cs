namespace FailoverLab.Dataplane;

/// <summary>
/// The time of packet loops. .NET's own timers ride a clock that ticks every 4 ms on common kernels and must not drive failover,
/// emulation or traffic generation; an <see cref="IClock"/> may. Safe from any thread.
/// </summary>
public interface IClock
{
    /// <summary>CLOCK_MONOTONIC, ns. Never steps; the only time deadlines are computed in.</summary>
    long MonotonicNs { get; }

    /// <summary>CLOCK_REALTIME, ns since the Unix epoch. May step; for stamps that leave the process.</summary>
    long RealtimeNs { get; }

    /// <summary>Blocks the calling thread until <paramref name="monotonicNs"/>; returns at once when it has passed.</summary>
    void WaitUntil(long monotonicNs);
}
