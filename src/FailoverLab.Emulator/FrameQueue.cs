namespace FailoverLab.Emulator;

/// <summary>
/// Frames in order with their due times, in slots made once. A free slot that was used last is used next, so that only as much memory is
/// ever touched as frames were inside at once.
/// </summary>
/// <remarks>Order of arrival is order of leaving. An impairment that reorders puts a heap of slots in place of the ring and keeps the rest.</remarks>
internal sealed class FrameQueue
{
    private readonly int _slotBytes;
    private readonly byte[] _memory;
    private readonly int[] _free;
    private readonly Entry[] _ring;
    private int _freeCount;
    private int _head;

    internal FrameQueue(int slots, int slotBytes)
    {
        _slotBytes = slotBytes;
        _memory = GC.AllocateUninitializedArray<byte>(checked(slots * slotBytes));
        _ring = new Entry[slots];
        _free = new int[slots];
        _freeCount = slots;
        for (var i = 0; i < slots; i++)
        {
            _free[i] = slots - 1 - i;
        }
    }

    internal int Count => _ring.Length - _freeCount;

    internal long NextDueNs => Count == 0 ? long.MaxValue : _ring[_head].DueNs;

    /// <summary>When the last frame inside is due; <see cref="long.MinValue"/> when none is.</summary>
    internal long LastDueNs => Count == 0 ? long.MinValue : _ring[(_head + Count - 1) % _ring.Length].DueNs;

    /// <summary>Whether there was a slot, and it was long enough.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> frame, long dueNs)
    {
        if (_freeCount == 0 || frame.Length > _slotBytes)
        {
            return false;
        }

        var tail = (_head + Count) % _ring.Length;
        var slot = _free[--_freeCount];
        frame.CopyTo(_memory.AsSpan(slot * _slotBytes));
        _ring[tail] = new Entry(dueNs, slot, frame.Length);
        return true;
    }

    /// <summary>Takes the first frame; the view holds until the next one is added. Not for an empty queue.</summary>
    internal ReadOnlySpan<byte> Take()
    {
        var entry = _ring[_head];
        _head = (_head + 1) % _ring.Length;
        _free[_freeCount++] = entry.Slot;
        return _memory.AsSpan(entry.Slot * _slotBytes, entry.Length);
    }

    private readonly record struct Entry(long DueNs, int Slot, int Length);
}
