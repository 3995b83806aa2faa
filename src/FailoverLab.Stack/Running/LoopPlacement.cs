namespace FailoverLab.Stack;

/// <summary>
/// Whether a packet loop of real-time priority shares one core with others of its kind or may run on any. The kernel wakes such a thread where it
/// slept last, and when the thread that wakes it has such priority too, on another core: a packet that comes alone then spends more time on
/// waking cores than on everything else. Loops that have little to do therefore share one; as soon as one has more, it takes the core it gets. Pure.
/// </summary>
internal sealed class LoopPlacement
{
    /// <summary>Packets of one turn that are still little: less than what a wake-up of a core takes.</summary>
    public const int Few = 16;

    /// <summary>How long there must be little to do before a core is shared (again), ns.</summary>
    public const long CalmNs = 200_000_000;

    private long _calmFromNs;

    /// <summary>Begins on any core.</summary>
    /// <param name="nowNs">Monotonic time.</param>
    public LoopPlacement(long nowNs) => _calmFromNs = nowNs + CalmNs;

    /// <summary>Whether the loop shares a core now.</summary>
    public bool IsShared { get; private set; }

    /// <summary>The loop has done a turn.</summary>
    /// <param name="packets">Packets it has handled in it, 0 or more.</param>
    /// <param name="nowNs">Monotonic time.</param>
    /// <returns>Whether <see cref="IsShared"/> changed.</returns>
    public bool Turn(int packets, long nowNs)
    {
        _calmFromNs = packets > Few ? nowNs + CalmNs : _calmFromNs;
        var before = IsShared;
        IsShared = nowNs >= _calmFromNs;
        return IsShared != before;
    }
}
