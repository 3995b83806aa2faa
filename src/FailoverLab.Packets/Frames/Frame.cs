using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>Finds the IP packet in a captured frame.</summary>
public static class Frame
{
    private const int MaxTags = 4;
    private const int TypedHeader = 2;
    private const int TagSize = 4;
    private const ushort Ipv4Type = 0x0800;
    private const ushort Ipv6Type = 0x86DD;
    private const ushort PppoeSession = 0x8864;

    /// <summary>Bytes of the link layer left away: the header of the link type, then any VLAN tags and PPPoE.</summary>
    /// <param name="linkType">What the frame starts with.</param>
    /// <param name="frame">The captured bytes.</param>
    /// <param name="ip">From the first byte of the IP header to the end of the frame, padding included.</param>
    /// <returns>Whether the frame carries IPv4 or IPv6; <see langword="false"/> for a cut, foreign or unknown frame.</returns>
    public static bool TryReadIp(CaptureLinkType linkType, ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> ip)
    {
        ip = default;
        switch (linkType)
        {
            case CaptureLinkType.Ethernet:
                return frame.Length >= 14 && TryReadTyped(BinaryPrimitives.ReadUInt16BigEndian(frame[12..]), frame[14..], out ip);
            case CaptureLinkType.Raw or CaptureLinkType.Ipv4 or CaptureLinkType.Ipv6 or CaptureLinkType.RawOld or CaptureLinkType.RawOpenBsd:
                ip = frame;
                return frame.Length > 0;
            case CaptureLinkType.LinuxSll:
                return frame.Length >= 16 && TryReadTyped(BinaryPrimitives.ReadUInt16BigEndian(frame[14..]), frame[16..], out ip);
            case CaptureLinkType.LinuxSll2:
                return frame.Length >= 20 && TryReadTyped(BinaryPrimitives.ReadUInt16BigEndian(frame), frame[20..], out ip);
            case CaptureLinkType.Null or CaptureLinkType.Loop:
                // The family's number differs between systems; the IP version says enough.
                ip = frame.Length >= 4 ? frame[4..] : default;
                return ip.Length > 0;
            default:
                return false;
        }
    }

    /// <summary>From behind an EtherType on, over any VLAN tags (IEEE 802.1Q, 802.1ad) and a PPPoE header (RFC 2516).</summary>
    private static bool TryReadTyped(ushort type, ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> ip)
    {
        ip = rest;
        if (type is Ipv4Type or Ipv6Type) return true;
        for (var tag = 0; tag < MaxTags && type is 0x8100 or 0x88A8 or 0x9100 && rest.Length >= TagSize; tag++)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(rest[TypedHeader..]);
            rest = rest[TagSize..];
        }

        ip = rest;
        if (type is Ipv4Type or Ipv6Type) return true;

        // Version 1, type 1, code 0 = data; session, length, then the PPP protocol.
        if (type != PppoeSession || rest.Length < 8 || rest[0] != 0x11 || rest[1] != 0) return false;
        ip = rest[8..];
        return BinaryPrimitives.ReadUInt16BigEndian(rest[6..]) is 0x0021 or 0x0057;
    }
}
