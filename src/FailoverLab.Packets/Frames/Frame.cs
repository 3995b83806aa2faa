using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>Finds the IP packet in a captured frame.</summary>
public static class Frame
{
    private const int MaxTags = 4;

    /// <summary>Bytes of the link layer left away.</summary>
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
                return frame.Length >= 14 && TryReadTyped(frame[12..], out ip);
            case CaptureLinkType.Raw or CaptureLinkType.Ipv4 or CaptureLinkType.Ipv6:
                ip = frame;
                return frame.Length > 0;
            case CaptureLinkType.LinuxSll:
                return frame.Length >= 16 && TryReadTyped(frame[14..], out ip);
            case CaptureLinkType.LinuxSll2:
                if (frame.Length < 20) return false;
                ip = frame[20..];
                return IsIp(BinaryPrimitives.ReadUInt16BigEndian(frame));
            case CaptureLinkType.Null:
                // The family's number differs between systems; the IP version says enough.
                ip = frame.Length >= 4 ? frame[4..] : default;
                return ip.Length > 0;
            default:
                return false;
        }
    }

    /// <summary>From an EtherType on, over any VLAN tags (IEEE 802.1Q, 802.1ad).</summary>
    private static bool TryReadTyped(ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> ip)
    {
        ip = default;
        for (var tag = 0; tag <= MaxTags && rest.Length >= 2; tag++)
        {
            var etherType = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (IsIp(etherType))
            {
                ip = rest[2..];
                return true;
            }

            if (etherType is not (0x8100 or 0x88A8 or 0x9100) || rest.Length < 4) return false;
            rest = rest[4..];
        }

        return false;
    }

    private static bool IsIp(ushort etherType) => etherType is 0x0800 or 0x86DD;
}
