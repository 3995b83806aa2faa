namespace FailoverLab.Linux;

/// <summary>Wakes a thread that waits in a <see cref="PollSet"/>. Signals may come from any thread; several count as one.</summary>
public sealed unsafe class WakeUp : IPollable, IDisposable
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private readonly Descriptor _handle = Linux.Descriptor.Own(Libc.eventfd(0, NonBlocking | CloseOnExec), "eventfd", "wake-up");

    /// <inheritdoc/>
    public int Descriptor => _handle.Number;

    /// <summary>Makes the descriptor readable.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = Libc.write(_handle.Number, &one, sizeof(ulong));
    }

    /// <summary>Takes all signals given so far.</summary>
    /// <returns>Whether there was any.</returns>
    public bool Drain()
    {
        ulong count;
        return Libc.read(_handle.Number, &count, sizeof(ulong)) == sizeof(ulong);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
