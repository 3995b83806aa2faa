namespace FailoverLab.Emulator;

/// <summary>
/// The bytes of frames, in slots. A slot used last is used next, and memory is made a chunk at a time, so that only as much is ever
/// touched as frames were inside at once.
/// </summary>
internal sealed class FrameStore
{
    private const int ChunkSlots = 128;
    private readonly int _slotBytes;
    private readonly byte[]?[] _chunks;
    private readonly int[] _free;
    private int _freeCount;
    private int _made;

    internal FrameStore(int slots, int slotBytes)
    {
        (Slots, _slotBytes) = (slots, slotBytes);
        _free = new int[slots];
        _chunks = new byte[(slots + ChunkSlots - 1) / ChunkSlots][];
    }

    internal int Slots { get; }

    internal int SlotBytes => _slotBytes;

    /// <summary>A slot with the frame's bytes; -1 when there is none free or the frame is too long.</summary>
    internal int Put(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > _slotBytes || (_freeCount == 0 && _made == Slots))
        {
            return -1;
        }

        var slot = _freeCount > 0 ? _free[--_freeCount] : Make();
        frame.CopyTo(At(slot, frame.Length));
        return slot;
    }

    internal Span<byte> At(int slot, int length) => _chunks[slot / ChunkSlots].AsSpan(slot % ChunkSlots * _slotBytes, length);

    /// <summary>Gives a slot back; its bytes stay until the next <see cref="Put"/>.</summary>
    internal void Free(int slot) => _free[_freeCount++] = slot;

    private int Make()
    {
        _chunks[_made / ChunkSlots] ??= GC.AllocateUninitializedArray<byte>(ChunkSlots * _slotBytes, pinned: true);
        return _made++;
    }
}
