using System.Runtime.CompilerServices;

namespace FailoverLab.Packets;

/// <summary>Packets that lie beside one another in the window; valid until the reader's next call.</summary>
/// <param name="slots">Where each lies, in order.</param>
/// <param name="bytes">From the first byte of the first packet to the last of the last.</param>
internal readonly ref struct PacketBatch(ReadOnlySpan<PacketSlot> slots, ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<PacketSlot> _slots = slots;
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many; one at least.</summary>
    public int Count => _slots.Length;

    /// <summary>One of them.</summary>
    public CapturedPacket this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ref readonly var slot = ref _slots[index];
            return new CapturedPacket(slot.StampNs, _bytes.Slice((int)(slot.Place - _slots[0].Place), slot.Captured), slot.OriginalLength, slot.Interface, slot.LinkType);
        }
    }
}
