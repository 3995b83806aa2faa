namespace FailoverLab.Tunnel;

/// <summary>
/// Notices that our own loop overslept (the machine paused, another process had the core). Silence measured across such a pause says
/// nothing about a path, so every path gets one interval to be heard before it is suspected or condemned.
/// </summary>
public sealed class StallGuard
{
    private const int MostInARow = 4;

    private readonly long _intervalNs;
    private int _inARow;
    private long _expectedNs = long.MaxValue;

    /// <summary>Begins with nothing expected.</summary>
    /// <param name="intervalNs">The keepalive interval.</param>
    public StallGuard(long intervalNs) => _intervalNs = intervalNs;

    /// <summary>Until when no path may be condemned for silence, monotonic ns.</summary>
    public long GraceUntilNs { get; private set; } = long.MinValue / 2;

    /// <summary>The loop runs now and was to run at the deadline it was given.</summary>
    public void Woke(long nowNs)
    {
        if (_expectedNs != long.MaxValue && nowNs - _expectedNs > _intervalNs / 2)
        {
            // A loop that always oversleeps must not be blind for ever.
            _inARow = nowNs - GraceUntilNs < 2 * _intervalNs ? _inARow + 1 : 0;
            GraceUntilNs = _inARow < MostInARow ? nowNs + _intervalNs : GraceUntilNs;
        }

        _expectedNs = long.MaxValue;
    }

    /// <summary>The loop sleeps until then at the latest.</summary>
    public void WillWakeBy(long deadlineNs) => _expectedNs = deadlineNs;
}
