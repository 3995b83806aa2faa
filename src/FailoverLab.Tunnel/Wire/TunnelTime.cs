namespace FailoverLab.Tunnel;

/// <summary>One reading of both clocks, taken by the loop and handed to the engines.</summary>
/// <param name="MonotonicNs">CLOCK_MONOTONIC, ns: deadlines and durations.</param>
/// <param name="RealtimeNs">CLOCK_REALTIME, ns since the Unix epoch: what leaves the process.</param>
public readonly record struct TunnelTime(long MonotonicNs, long RealtimeNs)
{
    /// <summary>The header's timestamp: Unix ms, low 32 bits.</summary>
    public uint UnixMs => unchecked((uint)(RealtimeNs / 1_000_000));
}
