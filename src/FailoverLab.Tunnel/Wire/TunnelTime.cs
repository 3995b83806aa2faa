namespace FailoverLab.Tunnel;

/// <summary>One reading of both clocks, taken by the loop and handed to the engines.</summary>
/// <param name="MonotonicNs">CLOCK_MONOTONIC, ns: deadlines and durations.</param>
/// <param name="RealtimeNs">CLOCK_REALTIME, ns since the Unix epoch: what stands in events.</param>
public readonly record struct TunnelTime(long MonotonicNs, long RealtimeNs)
{
    /// <summary>What goes on the wire, ns since the Unix epoch: real time that does not step back (<see cref="StampClock"/>).</summary>
    public long StampNs { get; init; } = RealtimeNs;

    /// <summary>The stamp in whole ms since the Unix epoch: what the replay window counts in.</summary>
    public long StampMs => StampNs / 1_000_000;

    /// <summary>The header's timestamp: Unix ms, low 32 bits.</summary>
    public uint UnixMs => unchecked((uint)StampMs);
}
