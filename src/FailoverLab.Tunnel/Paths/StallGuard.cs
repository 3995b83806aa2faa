namespace FailoverLab.Tunnel;

/// <summary>
/// Notices that our own loop overslept (the machine paused, another process had the core). Silence measured across such a pause says
/// nothing about a path, so every path gets one interval to be heard before it is condemned.
/// </summary>
public sealed class StallGuard
{
    private readonly long _intervalNs;
    private long _expectedNs = long.MaxValue;

    /// <summary>Begins with nothing expected.</summary>
    /// <param name="intervalNs">The keepalive interval.</param>
    public StallGuard(long intervalNs) => _intervalNs = intervalNs;

    /// <summary>Until when no path may be condemned for silence, monotonic ns.</summary>
    public long GraceUntilNs { get; private set; } = long.MinValue;

    /// <summary>The loop runs now and was to run at the deadline it was given.</summary>
    public void Woke(long nowNs)
    {
        if (_expectedNs != long.MaxValue && nowNs - _expectedNs > _intervalNs / 2)
        {
            GraceUntilNs = nowNs + _intervalNs;
        }

        _expectedNs = long.MaxValue;
    }

    /// <summary>The loop sleeps until then at the latest.</summary>
    public void WillWakeBy(long deadlineNs) => _expectedNs = deadlineNs;
}
