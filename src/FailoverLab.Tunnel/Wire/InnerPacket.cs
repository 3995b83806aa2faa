using System.Buffers.Binary;

namespace FailoverLab.Tunnel;

/// <summary>The two addresses of an inner IP packet: all that forwarding looks at.</summary>
/// <param name="IsIPv6">Family.</param>
/// <param name="Source">As <see cref="IpPrefix.ToNumber"/> gives it.</param>
/// <param name="Destination">As <see cref="IpPrefix.ToNumber"/> gives it.</param>
public readonly record struct InnerPacket(bool IsIPv6, UInt128 Source, UInt128 Destination)
{
    /// <summary>Reads the addresses; a cut header or another version gives <see langword="false"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out InnerPacket inner)
    {
        if (packet.Length >= 20 && packet[0] >> 4 == 4)
        {
            inner = new InnerPacket(false, BinaryPrimitives.ReadUInt32BigEndian(packet[12..]), BinaryPrimitives.ReadUInt32BigEndian(packet[16..]));
            return true;
        }

        if (packet.Length >= 40 && packet[0] >> 4 == 6)
        {
            inner = new InnerPacket(true, BinaryPrimitives.ReadUInt128BigEndian(packet[8..]), BinaryPrimitives.ReadUInt128BigEndian(packet[24..]));
            return true;
        }

        inner = default;
        return false;
    }

    /// <summary>Whether an address can be routed: link-local and multicast stay on their link.</summary>
    public bool HasRoutableSource => IsIPv6
        ? Source >> 118 != 0x3FA && Source >> 120 != 0xFF && Source != 0
        : Source >> 16 != 0xA9FE && Source >> 28 != 0xE && Source != 0;
}
