using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>A UDP datagram (RFC 768).</summary>
public readonly ref struct UdpDatagram
{
    /// <summary>Protocol number of UDP.</summary>
    public const byte Protocol = 17;

    private const int HeaderSize = 8;

    /// <summary>Port sent from.</summary>
    public ushort SourcePort { get; private init; }

    /// <summary>Port sent to.</summary>
    public ushort DestinationPort { get; private init; }

    /// <summary>What the datagram carries; shorter than sent where the capture cut it.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Bytes of the payload as sent, from the length field, however much was captured and however it was fragmented.</summary>
    public int WirePayloadLength { get; private init; }

    /// <summary>Reads the datagram an IP packet carries; another protocol, a later fragment or a cut header gives <see langword="false"/>.</summary>
    public static bool TryRead(in IpPacket ip, out UdpDatagram datagram)
    {
        datagram = default;
        var bytes = ip.Payload;
        if (ip.Protocol != Protocol || ip.IsLaterFragment || bytes.Length < HeaderSize) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length == 0) length = Math.Max(ip.WirePayloadLength, bytes.Length); // Jumbogram or offload: all there is.
        if (length < HeaderSize) return false;
        datagram = new UdpDatagram
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            Payload = bytes[HeaderSize..Math.Min(length, bytes.Length)],
            WirePayloadLength = length - HeaderSize,
        };
        return true;
    }
}
