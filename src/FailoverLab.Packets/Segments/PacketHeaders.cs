using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>Where things stand in the headers of IP, TCP and UDP, and the sums over them.</summary>
internal static class PacketHeaders
{
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const int IPv4Size = 20;
    public const int IPv6Size = 40;
    public const int TcpSize = 20;
    public const int UdpSize = 8;
    public const int IPv4Length = 2;
    public const int IPv4Id = 4;
    public const int IPv4Fragment = 6;
    public const int IPv4Checksum = 10;
    public const int IPv6Length = 4;
    public const int TcpSequence = 4;
    public const int TcpOffset = 12;
    public const int TcpFlagsAt = 13;
    public const int TcpChecksum = 16;
    public const int UdpLength = 4;
    public const int UdpChecksum = 6;

    public static bool IsIPv6(ReadOnlySpan<byte> packet) => packet[0] >> 4 == 6;

    /// <summary>Writes the length of a packet into its IP header; of IPv4 also the header's checksum.</summary>
    /// <param name="packet">At least the IP header.</param>
    /// <param name="length">Bytes of the whole packet.</param>
    /// <param name="headerLength">Bytes of the IP header with its options or extensions.</param>
    public static void WriteLength(Span<byte> packet, int length, int headerLength)
    {
        if (IsIPv6(packet))
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[IPv6Length..], (ushort)(length - IPv6Size));
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet[IPv4Length..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[IPv4Checksum..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(packet[IPv4Checksum..], (ushort)~InternetChecksum.Sum(packet[..headerLength]));
    }

    /// <summary>The sum of the pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1).</summary>
    /// <param name="packet">At least the IP header.</param>
    /// <param name="protocol">Of the transport.</param>
    /// <param name="length">Bytes of transport header and payload.</param>
    public static ushort PseudoSum(ReadOnlySpan<byte> packet, byte protocol, int length)
    {
        var addresses = IsIPv6(packet) ? packet[8..40] : packet[12..20];
        return InternetChecksum.Sum(addresses, protocol + (uint)(length >> 16) + (uint)(length & 0xFFFF));
    }
}
