using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>An IPv4 or IPv6 packet (RFC 791, RFC 8200), without its options and extension headers.</summary>
public readonly ref struct IpPacket
{
    private const int MaxExtensionHeaders = 8;

    private IpPacket(int version, byte protocol, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> payload)
    {
        Version = version;
        Protocol = protocol;
        Source = source;
        Destination = destination;
        Payload = payload;
    }

    /// <summary>4 or 6.</summary>
    public int Version { get; }

    /// <summary>Protocol of <see cref="Payload"/> (17 = UDP), after all extension headers that could be read over.</summary>
    public byte Protocol { get; }

    /// <summary>Source address, 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Source { get; }

    /// <summary>Destination address, 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Destination { get; }

    /// <summary>What the packet carries, without link-layer padding; shorter than sent where the capture cut it.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads a packet; a cut header, a fragment other than the first, or nonsense gives <see langword="false"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.Length < 1) return false;
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
        if (bytes.Length < 20) return false;
        var header = (bytes[0] & 0x0F) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (total == 0) total = bytes.Length; // Segmentation offload: the card fills the length in after the capture.
        if (header < 20 || total < header || bytes.Length < header) return false;
        var fragmentOffset = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x1FFF;
        if (fragmentOffset != 0) return false;
        packet = new IpPacket(4, bytes[9], bytes.Slice(12, 4), bytes.Slice(16, 4), bytes[header..Math.Min(total, bytes.Length)]);
        return true;
    }

    private static bool TryReadVersion6(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.Length < 40) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var payload = length == 0 ? bytes[40..] : bytes[40..Math.Min(40 + length, bytes.Length)];
        var next = bytes[6];
        for (var i = 0; i < MaxExtensionHeaders && IsExtension(next); i++)
        {
            if (payload.Length < 8) return false;
            if (next == 44 && (BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0xFFF8) != 0) return false;
            var size = next switch { 44 => 8, 51 => (payload[1] + 2) * 4, _ => (payload[1] + 1) * 8 };
            if (size > payload.Length) return false;
            next = payload[0];
            payload = payload[size..];
        }

        packet = new IpPacket(6, next, bytes.Slice(8, 16), bytes.Slice(24, 16), payload);
        return true;
    }

    /// <summary>Hop-by-hop, routing, fragment, authentication, destination options, mobility.</summary>
    private static bool IsExtension(byte next) => next is 0 or 43 or 44 or 51 or 60 or 135;
}
