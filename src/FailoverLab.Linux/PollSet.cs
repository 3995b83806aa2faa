using System.Runtime.InteropServices;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// Waits until one of several descriptors is readable or a deadline passes. Nothing is allocated by waiting. One thread at a time.
/// The set does not own its members; none may be disposed while a wait runs.
/// </summary>
public sealed unsafe class PollSet : IReadiness
{
    private const short Broken = PollDescriptor.Error | PollDescriptor.HangUp | PollDescriptor.Invalid;
    private readonly PollDescriptor[] _descriptors;

    /// <summary>Makes a set; members are known by their index here.</summary>
    public PollSet(params ReadOnlySpan<IPollable> members)
    {
        _descriptors = GC.AllocateArray<PollDescriptor>(members.Length, pinned: true);
        for (var i = 0; i < members.Length; i++)
        {
            _descriptors[i] = new PollDescriptor { Descriptor = members[i].Descriptor, Events = PollDescriptor.In };
        }
    }

    /// <summary>Blocks until a member has something to say.</summary>
    /// <param name="deadlineMonotonicNs">CLOCK_MONOTONIC; one that has passed looks without blocking, <see cref="long.MaxValue"/> never ends.</param>
    /// <returns>Whether any member is readable or broken; <see langword="false"/> at the deadline, or early when a signal came.</returns>
    /// <exception cref="LinuxException">The kernel refused to wait.</exception>
    public bool Wait(long deadlineMonotonicNs)
    {
        TimeSpec timeout = default;
        if (deadlineMonotonicNs != long.MaxValue)
        {
            ProcessControl.SharpenTimersOnce();
            timeout = TimeSpec.FromNs(Math.Max(0, deadlineMonotonicNs - SystemClock.Shared.MonotonicNs));
        }

        var first = (PollDescriptor*)Marshal.UnsafeAddrOfPinnedArrayElement(_descriptors, 0);
        var ready = Libc.ppoll(first, (nuint)_descriptors.Length, deadlineMonotonicNs == long.MaxValue ? null : &timeout, null);
        if (ready >= 0)
        {
            return ready > 0;
        }

        var errno = Marshal.GetLastPInvokeError();
        if (errno != Errno.Interrupted)
        {
            throw new LinuxException("ppoll", "descriptors", errno);
        }

        // What the members said last time must not be taken for this time's answer.
        foreach (ref var descriptor in _descriptors.AsSpan())
        {
            descriptor.Returned = 0;
        }

        return false;
    }

    /// <summary>Whether the last wait found the member readable or broken: either way it should be read, which tells the fault.</summary>
    public bool IsReadable(int index) => (_descriptors[index].Returned & (PollDescriptor.In | Broken)) != 0;

    /// <summary>Whether the last wait found the member broken (its device is gone, or an error waits to be read).</summary>
    public bool IsBroken(int index) => (_descriptors[index].Returned & Broken) != 0;
}
