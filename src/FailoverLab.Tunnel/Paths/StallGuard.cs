namespace FailoverLab.Tunnel;

/// <summary>
/// Notices that our own loop overslept (the machine paused, another process had the core). Silence measured across such a pause says
/// nothing about a path, so every path gets one interval to be heard before it is suspected or condemned; and the peer is told of the pause, for it hears
/// nothing of us either. Allocates nothing.
/// </summary>
public sealed class StallGuard
{
    private const int MostInARow = 4;
    private const long NsPerMs = 1_000_000;

    private readonly long _intervalNs;
    private int _inARow;
    private long _expectedNs = long.MaxValue;

    /// <summary>Begins with nothing expected.</summary>
    /// <param name="intervalNs">The keepalive interval.</param>
    public StallGuard(long intervalNs) => _intervalNs = intervalNs;

    /// <summary>Until when no path may be condemned for silence, monotonic ns.</summary>
    public long GraceUntilNs { get; private set; } = long.MinValue / 2;

    /// <summary>When the loop was to run, and did not, monotonic ns.</summary>
    public long PauseBeganNs { get; private set; } = long.MinValue / 2;

    /// <summary>When the last pause ended, monotonic ns.</summary>
    public long PauseEndedNs { get; private set; } = long.MinValue / 2;

    /// <summary>The loop runs now. Call it before anything else is done, or judged.</summary>
    /// <param name="nowNs">Monotonic time.</param>
    /// <returns>Whether it was to run long before, and a pause has just ended.</returns>
    public bool Woke(long nowNs)
    {
        var overslept = _expectedNs != long.MaxValue && nowNs - _expectedNs > _intervalNs / 2;
        if (overslept)
        {
            // A loop that always oversleeps must not be blind for ever.
            _inARow = nowNs - GraceUntilNs < 2 * _intervalNs ? _inARow + 1 : 0;
            overslept = _inARow < MostInARow;
            if (overslept)
            {
                (GraceUntilNs, PauseBeganNs, PauseEndedNs) = (nowNs + _intervalNs, _expectedNs, nowNs);
            }

            _expectedNs = long.MaxValue;
        }

        return overslept;
    }

    /// <summary>The loop sleeps until then at the latest.</summary>
    public void WillWakeBy(long deadlineNs) => _expectedNs = deadlineNs;

    /// <summary>The last pause as a keepalive tells it.</summary>
    /// <param name="nowNs">Monotonic time.</param>
    /// <returns>Nothing when it ended 255 ms ago or before.</returns>
    public PauseReport Told(long nowNs)
    {
        var agoMs = (nowNs - PauseEndedNs) / NsPerMs;
        return agoMs < byte.MaxValue ? new PauseReport((byte)Math.Min((PauseEndedNs - PauseBeganNs) / NsPerMs, byte.MaxValue), (byte)agoMs) : default;
    }
}
