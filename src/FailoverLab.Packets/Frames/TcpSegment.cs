using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>A TCP segment (RFC 9293).</summary>
public readonly ref struct TcpSegment
{
    /// <summary>Protocol number of TCP.</summary>
    public const byte Protocol = 6;

    private const int HeaderSize = 20;

    /// <summary>Port sent from.</summary>
    public ushort SourcePort { get; private init; }

    /// <summary>Port sent to.</summary>
    public ushort DestinationPort { get; private init; }

    /// <summary>Number of the first byte carried; wraps at 2^32.</summary>
    public uint Sequence { get; private init; }

    /// <summary>Number of the next byte expected from the other end; means something only with <see cref="TcpFlags.Ack"/>.</summary>
    public uint Acknowledgment { get; private init; }

    /// <summary>The flags.</summary>
    public TcpFlags Flags { get; private init; }

    /// <summary>Window offered, in units that the connection's start agrees on.</summary>
    public ushort Window { get; private init; }

    /// <summary>The options, as far as captured.</summary>
    public ReadOnlySpan<byte> Options { get; private init; }

    /// <summary>What the segment carries, as far as captured.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Bytes carried on the wire, however much was captured.</summary>
    public int WirePayloadLength { get; private init; }

    /// <summary>Numbers used up: one for each byte, one for SYN and one for FIN.</summary>
    public uint SequenceLength => (uint)WirePayloadLength + ((Flags & TcpFlags.Syn) != 0 ? 1u : 0) + ((Flags & TcpFlags.Fin) != 0 ? 1u : 0);

    /// <summary>
    /// Reads the segment an IP packet carries; another protocol, a later fragment, or a header cut in its first 20 bytes gives
    /// <see langword="false"/>.
    /// </summary>
    public static bool TryRead(in IpPacket ip, out TcpSegment segment)
    {
        segment = default;
        var bytes = ip.Payload;
        if (ip.Protocol != Protocol || ip.IsLaterFragment || bytes.Length < HeaderSize) return false;
        var header = (bytes[12] >> 4) * 4;
        if (header < HeaderSize || header > ip.WirePayloadLength) return false;
        var captured = Math.Min(header, bytes.Length);
        segment = new TcpSegment
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Acknowledgment = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            Flags = (TcpFlags)bytes[13],
            Window = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]),
            Options = bytes[HeaderSize..captured],
            Payload = bytes[captured..],
            WirePayloadLength = ip.WirePayloadLength - header,
        };
        return true;
    }
}
