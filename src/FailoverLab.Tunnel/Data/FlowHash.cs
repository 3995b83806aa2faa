using System.Buffers.Binary;

namespace FailoverLab.Tunnel;

/// <summary>A number for the flow a packet belongs to, the same both ways and on every machine.</summary>
internal static class FlowHash
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary>Hashes addresses, protocol and, where they stand at the start of the payload and the packet is whole, ports.</summary>
    /// <param name="packet">An IP packet that <see cref="InnerPacket"/> could read.</param>
    /// <param name="inner">What it read.</param>
    public static ulong Of(ReadOnlySpan<byte> packet, in InnerPacket inner)
    {
        var addresses = inner.Source ^ inner.Destination;
        var protocol = inner.IsIPv6 ? packet[6] : packet[9];
        var offset = inner.IsIPv6 ? 40 : (packet[0] & 15) * 4;
        var isWhole = inner.IsIPv6 || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) == 0;
        var ports = isWhole && protocol is Tcp or Udp && packet.Length >= offset + 4
            ? (uint)(BinaryPrimitives.ReadUInt16BigEndian(packet[offset..]) ^ BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]))
            : 0;
        return Mix(Mix((ulong)(addresses >> 64) ^ (ulong)addresses) ^ ((ulong)protocol << 32) ^ ports);
    }

    /// <summary>Spreads all bits over all bits (the finalizer of SplitMix64).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
