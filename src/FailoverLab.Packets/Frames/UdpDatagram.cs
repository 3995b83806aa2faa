using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>A UDP datagram (RFC 768).</summary>
public readonly ref struct UdpDatagram
{
    /// <summary>Protocol number of UDP.</summary>
    public const byte Protocol = 17;

    private UdpDatagram(ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        SourcePort = sourcePort;
        DestinationPort = destinationPort;
        Payload = payload;
    }

    /// <summary>Port sent from.</summary>
    public ushort SourcePort { get; }

    /// <summary>Port sent to.</summary>
    public ushort DestinationPort { get; }

    /// <summary>What the datagram carries; shorter than sent where the capture cut it.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads the datagram an IP packet carries; another protocol or a cut header gives <see langword="false"/>.</summary>
    public static bool TryRead(IpPacket ip, out UdpDatagram datagram)
    {
        datagram = default;
        if (ip.Protocol != Protocol || ip.Payload.Length < 8) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(ip.Payload[4..]);
        if (length == 0) length = ip.Payload.Length; // Jumbogram or offload: all there is.
        if (length < 8) return false;
        datagram = new UdpDatagram(
            BinaryPrimitives.ReadUInt16BigEndian(ip.Payload),
            BinaryPrimitives.ReadUInt16BigEndian(ip.Payload[2..]),
            ip.Payload[8..Math.Min(length, ip.Payload.Length)]);
        return true;
    }
}
