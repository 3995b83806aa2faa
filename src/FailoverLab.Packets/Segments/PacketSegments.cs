using System.Buffers.Binary;
using FailoverLab.Dataplane;

namespace FailoverLab.Packets;

/// <summary>
/// Cuts what the kernel left uncut into legal packets: each with its own length, identification, sequence number, flags and right
/// checksums, as the kernel itself would have cut it. A packet that is not to be cut comes out once, its checksum completed.
/// </summary>
public ref struct PacketSegments
{
    private readonly ReadOnlySpan<byte> _packet;
    private readonly OffloadHeader _offload;
    private readonly int _headerLength;
    private readonly int _segmentSize;
    private int _at;
    private int _index;

    private PacketSegments(ReadOnlySpan<byte> packet, scoped in OffloadHeader offload, int headerLength, int segmentSize)
    {
        _packet = packet;
        _offload = offload;
        _headerLength = headerLength;
        _segmentSize = segmentSize;
        _at = headerLength;
    }

    /// <summary>Bytes of the longest segment with its headers.</summary>
    public readonly int LongestLength => Math.Min(_packet.Length, _headerLength + _segmentSize);

    /// <summary>Completes the checksum of a packet that is not to be cut, in place.</summary>
    /// <returns>Whether what the kernel said of it makes sense.</returns>
    public static bool TryComplete(Span<byte> packet, in OffloadHeader offload)
    {
        if (!offload.IsChecksumPartial)
        {
            return true;
        }

        var field = offload.ChecksumStart + offload.ChecksumOffset;
        if (field + 2 > packet.Length)
        {
            return false;
        }

        // The field holds the pseudo header's sum, so it takes part like the rest.
        WriteChecksum(packet[field..], InternetChecksum.Sum(packet[offload.ChecksumStart..]), offload.ChecksumOffset == PacketHeaders.UdpChecksum);
        return true;
    }

    /// <summary>Begins to cut a packet.</summary>
    /// <param name="packet">Headers and the whole payload; not changed.</param>
    /// <param name="offload">What the kernel said of it; a kind other than <see cref="SegmentKind.None"/>.</param>
    /// <param name="segments">The cursor before the first segment.</param>
    /// <returns>Whether what the kernel said of it makes sense.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> packet, scoped in OffloadHeader offload, out PacketSegments segments)
    {
        segments = default;
        int transport = offload.ChecksumStart;
        var isTcp = offload.Kind is SegmentKind.TcpIPv4 or SegmentKind.TcpIPv6;
        var smallest = isTcp ? PacketHeaders.TcpSize : PacketHeaders.UdpSize;
        if (packet.IsEmpty || transport < (PacketHeaders.IsIPv6(packet) ? PacketHeaders.IPv6Size : PacketHeaders.IPv4Size)
            || transport + smallest > packet.Length || offload.SegmentSize == 0 || !(isTcp || offload.Kind == SegmentKind.Udp))
        {
            return false;
        }

        var headerLength = transport + (isTcp ? (packet[transport + PacketHeaders.TcpOffset] >> 4) * 4 : PacketHeaders.UdpSize);
        if (headerLength < transport + smallest || headerLength >= packet.Length)
        {
            return false;
        }

        segments = new PacketSegments(packet, offload, headerLength, offload.SegmentSize);
        return true;
    }

    /// <summary>Writes the next segment.</summary>
    /// <param name="destination">Takes it; must hold headers and segment size.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>Whether there was one more, and room for it.</returns>
    public bool TryNext(Span<byte> destination, out int length)
    {
        var payload = Math.Min(_segmentSize, _packet.Length - _at);
        length = _headerLength + payload;
        if (payload <= 0 || length > destination.Length)
        {
            length = 0;
            return false;
        }

        var segment = destination[..length];
        _packet[.._headerLength].CopyTo(segment);
        _packet.Slice(_at, payload).CopyTo(segment[_headerLength..]);
        if (!PacketHeaders.IsIPv6(segment))
        {
            var id = BinaryPrimitives.ReadUInt16BigEndian(segment[PacketHeaders.IPv4Id..]);
            BinaryPrimitives.WriteUInt16BigEndian(segment[PacketHeaders.IPv4Id..], unchecked((ushort)(id + _index)));
        }

        PacketHeaders.WriteLength(segment, length, _offload.ChecksumStart);
        FinishTransport(segment, isLast: _at + payload == _packet.Length);
        _at += payload;
        _index++;
        return true;
    }

    private static void WriteChecksum(Span<byte> field, ushort sum, bool isUdp)
    {
        var checksum = (ushort)~sum;
        BinaryPrimitives.WriteUInt16BigEndian(field, checksum == 0 && isUdp ? ushort.MaxValue : checksum);
    }

    private readonly void FinishTransport(Span<byte> segment, bool isLast)
    {
        var transport = segment[_offload.ChecksumStart..];
        var isUdp = _offload.Kind == SegmentKind.Udp;
        if (isUdp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[PacketHeaders.UdpLength..], (ushort)transport.Length);
        }
        else
        {
            var sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[PacketHeaders.TcpSequence..]);
            BinaryPrimitives.WriteUInt32BigEndian(transport[PacketHeaders.TcpSequence..], unchecked(sequence + (uint)(_at - _headerLength)));
            const TcpFlags OnlyLast = TcpFlags.Fin | TcpFlags.Psh;
            var never = (isLast ? TcpFlags.None : OnlyLast) | (_index == 0 ? TcpFlags.None : TcpFlags.Cwr);
            transport[PacketHeaders.TcpFlagsAt] &= (byte)~never;
        }

        var field = transport[(isUdp ? PacketHeaders.UdpChecksum : PacketHeaders.TcpChecksum)..];
        BinaryPrimitives.WriteUInt16BigEndian(field, 0);
        var sum = PacketHeaders.PseudoSum(segment, isUdp ? PacketHeaders.Udp : PacketHeaders.Tcp, transport.Length);
        WriteChecksum(field, InternetChecksum.Sum(transport, sum), isUdp);
    }
}
