using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>A packet that holds a plain TCP segment: IPv4 without options or fragments, or IPv6 without extension headers.</summary>
internal readonly ref struct TcpSegmentView
{
    private readonly ReadOnlySpan<byte> _packet;

    private TcpSegmentView(ReadOnlySpan<byte> packet, int transport, int headerLength)
    {
        _packet = packet;
        Transport = transport;
        HeaderLength = headerLength;
    }

    /// <summary>Where the TCP header begins.</summary>
    public int Transport { get; }

    /// <summary>Bytes of both headers.</summary>
    public int HeaderLength { get; }

    public int PayloadLength => _packet.Length - HeaderLength;

    public bool IsIPv6 => Transport == PacketHeaders.IPv6Size;

    public TcpFlags Flags => (TcpFlags)_packet[Transport + PacketHeaders.TcpFlagsAt];

    /// <summary>Source and destination port.</summary>
    public uint Ports => BinaryPrimitives.ReadUInt32BigEndian(_packet[Transport..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_packet[(Transport + PacketHeaders.TcpSequence)..]);

    /// <summary>IPv4's identification; 0 of IPv6.</summary>
    public ushort Id => IsIPv6 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(_packet[PacketHeaders.IPv4Id..]);

    /// <summary>Whether it may stand in a row: payload, and no flag but ACK and PSH.</summary>
    public bool IsPlainData => PayloadLength > 0 && (Flags & ~TcpFlags.Psh) == TcpFlags.Ack;

    /// <summary>Reads a packet.</summary>
    /// <param name="packet">A whole packet.</param>
    /// <param name="segment">The view, when it is one.</param>
    /// <param name="isOther">Whether it certainly is of no TCP connection.</param>
    /// <returns>Whether it holds a plain segment.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, out TcpSegmentView segment, out bool isOther)
    {
        segment = default;
        isOther = false;
        int transport;
        if (packet.Length >= PacketHeaders.IPv4Size && packet[0] == 0x45)
        {
            var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[PacketHeaders.IPv4Fragment..]) & 0x3FFF) != 0;
            isOther = packet[9] != PacketHeaders.Tcp;
            if (isOther || isFragment || BinaryPrimitives.ReadUInt16BigEndian(packet[PacketHeaders.IPv4Length..]) != packet.Length)
            {
                return false;
            }

            transport = PacketHeaders.IPv4Size;
        }
        else if (packet.Length >= PacketHeaders.IPv6Size && packet[0] >> 4 == 6)
        {
            isOther = packet[6] is PacketHeaders.Udp or 58;
            if (packet[6] != PacketHeaders.Tcp || BinaryPrimitives.ReadUInt16BigEndian(packet[PacketHeaders.IPv6Length..]) != packet.Length - PacketHeaders.IPv6Size)
            {
                return false;
            }

            transport = PacketHeaders.IPv6Size;
        }
        else
        {
            return false;
        }

        if (packet.Length < transport + PacketHeaders.TcpSize)
        {
            return false;
        }

        var headerLength = transport + ((packet[transport + PacketHeaders.TcpOffset] >> 4) * 4);
        if (headerLength < transport + PacketHeaders.TcpSize || headerLength > packet.Length)
        {
            return false;
        }

        segment = new TcpSegmentView(packet, transport, headerLength);
        return true;
    }

    /// <summary>Whether both checksums are right; putting a wrong one in a row would make it right.</summary>
    public bool HasRightChecksums()
    {
        var length = _packet.Length - Transport;
        return (IsIPv6 || InternetChecksum.Sum(_packet[..PacketHeaders.IPv4Size]) == ushort.MaxValue)
            && InternetChecksum.Sum(_packet[Transport..], PacketHeaders.PseudoSum(_packet, PacketHeaders.Tcp, length)) == ushort.MaxValue;
    }

    /// <summary>Whether both are of one connection and direction.</summary>
    public bool IsSameFlow(in TcpSegmentView other) =>
        Transport == other.Transport
        && Addresses.SequenceEqual(other.Addresses)
        && Ports == other.Ports;

    /// <summary>Whether the headers are alike but for what changes from segment to segment.</summary>
    public bool HasLikeHeaders(in TcpSegmentView other)
    {
        if (HeaderLength != other.HeaderLength)
        {
            return false;
        }

        // Version, traffic class, flow label, hop limit; don't-fragment of IPv4. Lengths, identification and checksum are their own.
        var ip = IsIPv6
            ? _packet[..4].SequenceEqual(other._packet[..4]) && _packet[7] == other._packet[7]
            : _packet[1] == other._packet[1] && _packet[6..9].SequenceEqual(other._packet[6..9]);
        var tcp = _packet[Transport..HeaderLength];
        var otherTcp = other._packet[Transport..HeaderLength];

        // Acknowledgment and offset; window; urgent pointer and options. Flags were looked at by IsPlainData.
        return ip
            && tcp[8..13].SequenceEqual(otherTcp[8..13])
            && tcp[14..16].SequenceEqual(otherTcp[14..16])
            && tcp[18..].SequenceEqual(otherTcp[18..]);
    }

    private ReadOnlySpan<byte> Addresses => IsIPv6 ? _packet[8..40] : _packet[12..20];
}
