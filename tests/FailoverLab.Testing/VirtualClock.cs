using FailoverLab.Dataplane;

namespace FailoverLab.Testing;

/// <summary>A clock that moves only when told to: waiting advances it, so a ten-minute timeline takes milliseconds.</summary>
public sealed class VirtualClock : IClock
{
    /// <summary>Realtime less monotonic, ns; change it to step the wall clock.</summary>
    public long RealtimeOffsetNs { get; set; } = 1_700_000_000_000_000_000;

    /// <inheritdoc/>
    public long MonotonicNs { get; private set; }

    /// <inheritdoc/>
    public long RealtimeNs => MonotonicNs + RealtimeOffsetNs;

    /// <summary>Moves time forward.</summary>
    public void Advance(TimeSpan by) => MonotonicNs += by.Ticks * 100;

    /// <inheritdoc/>
    public void WaitUntil(long monotonicNs) => MonotonicNs = Math.Max(MonotonicNs, monotonicNs);
}
