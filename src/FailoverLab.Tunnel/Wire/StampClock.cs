namespace FailoverLab.Tunnel;

/// <summary>
/// Real time for the wire, within one run: it follows steps forward at once, but a step back of up to half the time window is not followed, because receivers
/// refuse what is stamped before they began. It goes on evenly until real time has caught up. One thread at a time.
/// </summary>
public sealed class StampClock
{
    /// <summary>A larger step back is followed: to stay ahead of it would bring us out of the receivers' time window.</summary>
    public const long LongestStepBackNs = 30_000_000_000;

    private long _offsetNs = long.MinValue;

    /// <summary>Adds the stamp to a reading of the clocks.</summary>
    public TunnelTime Read(long monotonicNs, long realtimeNs)
    {
        var offsetNs = realtimeNs - monotonicNs;
        if (offsetNs > _offsetNs || offsetNs < _offsetNs - LongestStepBackNs)
        {
            _offsetNs = offsetNs;
        }

        return new TunnelTime(monotonicNs, realtimeNs) { StampNs = monotonicNs + _offsetNs };
    }
}
