using FailoverLab.Linux;

namespace FailoverLab.Stack;

/// <summary>Puts the thread of a packet loop where <see cref="LoopPlacement"/> says. The core shared is the first one allowed, for all programs alike.</summary>
internal sealed class LoopCore
{
    private readonly LoopPlacement _placement = new(ProgramHost.Now.MonotonicNs);
    private readonly int[] _all;
    private readonly bool _places;

    /// <summary>Gives the calling thread real-time priority; without it, or with one core, the kernel's own placement is left alone.</summary>
    /// <param name="priority">1..99.</param>
    public LoopCore(int priority)
    {
        // A packet loop that waits behind other work looks like a dead path to its peer.
        var isUrgent = ProcessControl.TryRealtimePriority(priority);
        _all = [.. ProcessControl.Processors()];
        _places = isUrgent && _all.Length > 1;
    }

    /// <summary>The loop has done a turn. The same thread as ever.</summary>
    /// <param name="packets">Packets it has handled in it.</param>
    /// <param name="nowNs">Monotonic time.</param>
    public void Turn(int packets, long nowNs)
    {
        if (_places && _placement.Turn(packets, nowNs))
        {
            _ = ProcessControl.TryRunOn(_placement.IsShared ? _all.AsSpan(0, 1) : _all);
        }
    }
}
