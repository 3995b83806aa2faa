using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>
/// An IPv4 or IPv6 packet (RFC 791, RFC 8200), without its options and extension headers. A fragment other than the first is read too: its
/// payload then is a later part, which no header view reads.
/// </summary>
public readonly ref struct IpPacket
{
    private const int MaxExtensionHeaders = 8;
    private const int Version4Header = 20;
    private const int Version6Header = 40;
    private const byte FragmentHeader = 44;
    private const byte AuthenticationHeader = 51;
    private const int MoreFragmentsBit4 = 0x2000;
    private const int OffsetMask4 = 0x1FFF;
    private const int OffsetMask6 = 0xFFF8;

    /// <summary>4 or 6.</summary>
    public int Version { get; private init; }

    /// <summary>
    /// Protocol of <see cref="Payload"/> (17 = UDP), after all extension headers that could be read over; of a later fragment, the protocol of
    /// the whole.
    /// </summary>
    public byte Protocol { get; private init; }

    /// <summary>Source address, 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Source { get; private init; }

    /// <summary>Destination address, 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Destination { get; private init; }

    /// <summary>What the packet carries, without link-layer padding; shorter than sent where the capture cut it.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>
    /// Bytes of the payload on the wire, from the header's length field, however much was captured; as much as was captured where the field is
    /// 0 (segmentation offload, jumbograms).
    /// </summary>
    public int WirePayloadLength { get; private init; }

    /// <summary>Whether the header's length field says how long the packet is; else <see cref="WirePayloadLength"/> is what was captured.</summary>
    public bool SaysLength { get; private init; }

    /// <summary>Number that the fragments of one packet share: 16 bits of IPv4, 32 of an IPv6 fragment header; 0 of IPv6 without one.</summary>
    public uint Identification { get; private init; }

    /// <summary>Where the payload starts in the payload of the whole packet, bytes; 0 = at its start.</summary>
    public int FragmentOffset { get; private init; }

    /// <summary>Whether further fragments follow.</summary>
    public bool MoreFragments { get; private init; }

    /// <summary>Whether this is a part of a packet, the first or a later one.</summary>
    public bool IsFragment => MoreFragments || FragmentOffset > 0;

    /// <summary>Whether this is a fragment other than the first, which starts inside the transport's data.</summary>
    public bool IsLaterFragment => FragmentOffset > 0;

    /// <summary>Reads a packet; a cut header or nonsense gives <see langword="false"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.Length < Version4Header) return false;
        return (bytes[0] >> 4) switch
        {
            4 => TryReadVersion4(bytes, out packet),
            6 => TryReadVersion6(bytes, out packet),
            _ => false,
        };
    }

    private static bool TryReadVersion4(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        var header = (bytes[0] & 0x0F) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        var saysLength = total > 0;
        if (!saysLength) total = bytes.Length; // Segmentation offload: the card fills the length in after the capture.
        if (header < Version4Header || total < header || bytes.Length < header) return false;
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        packet = new IpPacket
        {
            Version = 4,
            Protocol = bytes[9],
            Source = bytes.Slice(12, 4),
            Destination = bytes.Slice(16, 4),
            Payload = bytes[header..Math.Min(total, bytes.Length)],
            WirePayloadLength = total - header,
            SaysLength = saysLength,
            Identification = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
            FragmentOffset = (fragment & OffsetMask4) * 8,
            MoreFragments = (fragment & MoreFragmentsBit4) != 0,
        };
        return true;
    }

    private static bool TryReadVersion6(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.Length < Version6Header) return false;
        int wire = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var saysLength = wire > 0;
        if (!saysLength) wire = bytes.Length - Version6Header;
        var payload = bytes[Version6Header..Math.Min(Version6Header + wire, bytes.Length)];
        var next = bytes[6];
        uint identification = 0;
        var fragment = 0;

        // Behind the header of a later fragment comes data, whatever the next number says.
        for (var i = 0; i < MaxExtensionHeaders && IsExtension(next) && (fragment & OffsetMask6) == 0; i++)
        {
            if (payload.Length < 8) return false;
            var size = next switch { FragmentHeader => 8, AuthenticationHeader => (payload[1] + 2) * 4, _ => (payload[1] + 1) * 8 };
            if (size > payload.Length) return false;
            if (next == FragmentHeader)
            {
                fragment = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
                identification = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
            }

            next = payload[0];
            payload = payload[size..];
            wire -= size;
        }

        packet = new IpPacket
        {
            Version = 6,
            Protocol = next,
            Source = bytes.Slice(8, 16),
            Destination = bytes.Slice(24, 16),
            Payload = payload,
            WirePayloadLength = wire,
            SaysLength = saysLength,
            Identification = identification,
            FragmentOffset = fragment & OffsetMask6,
            MoreFragments = (fragment & 1) != 0,
        };
        return true;
    }

    /// <summary>Hop-by-hop, routing, fragment, authentication, destination options, mobility.</summary>
    private static bool IsExtension(byte next) => next is 0 or 43 or FragmentHeader or AuthenticationHeader or 60 or 135;
}
