using System.Buffers.Binary;

namespace FailoverLab.Dataplane;

/// <summary>
/// What the kernel says, and is told, of a packet beside its bytes: a checksum left to be completed, and the size of the segments that
/// a packet longer than the MTU is to be cut into. <c>struct virtio_net_hdr</c>, little-endian.
/// <code>
///  0       1       2       4       6       8       10
/// +-------+-------+-------+-------+-------+-------+
/// | flags | kind  |header |segment|csum   |csum   |
/// |       |       |length |size   |start  |offset |
/// +-------+-------+-------+-------+-------+-------+
/// </code>
/// </summary>
/// <param name="Flags">Bit 0: the checksum at start + offset holds the pseudo header's sum, and what begins at start is to be added.</param>
/// <param name="Kind">What is to be segmented, and how; the top bit (ECN) is apart.</param>
/// <param name="HeaderLength">Bytes of all headers; a hint.</param>
/// <param name="SegmentSize">Payload bytes of each segment but the last; 0 = whole.</param>
/// <param name="ChecksumStart">Where the transport header begins.</param>
/// <param name="ChecksumOffset">Where in it the checksum is.</param>
public readonly record struct OffloadHeader(byte Flags, SegmentKind Kind, ushort HeaderLength, ushort SegmentSize, ushort ChecksumStart, ushort ChecksumOffset)
{
    /// <summary>Bytes it takes.</summary>
    public const int Size = 10;

    /// <summary>The flag of a checksum to be completed.</summary>
    public const byte NeedsChecksum = 1;

    private const byte ExplicitCongestion = 0x80;

    /// <summary>Whether the packet is to be cut.</summary>
    public bool IsSegmented => Kind != SegmentKind.None;

    /// <summary>Whether the checksum is to be completed.</summary>
    public bool IsChecksumPartial => (Flags & NeedsChecksum) != 0;

    /// <summary>Reads it from its <see cref="Size"/> bytes.</summary>
    public static OffloadHeader Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0],
        (SegmentKind)(bytes[1] & ~ExplicitCongestion),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));

    /// <summary>Writes its <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = Flags;
        bytes[1] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], ChecksumStart);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], ChecksumOffset);
    }
}
