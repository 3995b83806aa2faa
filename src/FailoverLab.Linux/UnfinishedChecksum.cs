using System.Buffers.Binary;

namespace FailoverLab.Linux;

/// <summary>
/// Finishes TCP and UDP checksums that a sender on this machine left to its network card. Such frames cross a virtual cable as they are,
/// and whoever takes them out there must finish them, or every receiver behind will refuse them without a word.
/// </summary>
internal static class UnfinishedChecksum
{
    private const int EthernetHeader = 14;
    private const int IPv6Header = 40;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary>Adds up what the pseudo-header's sum, which stands in the field, lacks.</summary>
    /// <param name="frame">Whole Ethernet frame without a VLAN tag; changed in place.</param>
    /// <returns>Whether it was TCP or UDP over IPv4, or over IPv6 without extension headers.</returns>
    internal static bool TryFinish(Span<byte> frame)
    {
        if (frame.Length < EthernetHeader + 20 || !TryFindSegment(frame[EthernetHeader..], frame[12..14], out var segment, out var protocol))
        {
            return false;
        }

        var field = protocol switch { Tcp => 16, Udp => 6, _ => -1 };
        if (field < 0 || segment.Length < field + 2)
        {
            return false;
        }

        var sum = (ushort)~Sum(segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment[field..], sum == 0 && protocol == Udp ? (ushort)0xFFFF : sum);
        return true;
    }

    private static bool TryFindSegment(Span<byte> packet, ReadOnlySpan<byte> etherType, out Span<byte> segment, out byte protocol)
    {
        var (start, end) = (BinaryPrimitives.ReadUInt16BigEndian(etherType), packet[0] >> 4) switch
        {
            (0x0800, 4) => ((packet[0] & 0xF) * 4, BinaryPrimitives.ReadUInt16BigEndian(packet[2..])),
            (0x86DD, 6) when packet.Length >= IPv6Header => (IPv6Header, IPv6Header + BinaryPrimitives.ReadUInt16BigEndian(packet[4..])),
            _ => (0, 0),
        };
        protocol = start == IPv6Header && packet[0] >> 4 == 6 ? packet[6] : packet[9];
        segment = start > 0 && start <= end && end <= packet.Length ? packet[start..end] : default;
        return !segment.IsEmpty;
    }

    /// <summary>The sum of RFC 1071, folded to 16 bits.</summary>
    private static ushort Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0UL;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        if (bytes.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[2..];
        }

        sum += bytes.Length == 1 ? (ulong)bytes[0] << 8 : 0;
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
