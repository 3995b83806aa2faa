using System.Buffers.Binary;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// The 32-byte header of version 2, as long as that of version 1 so that the MTU holds. Bytes 0 to 15 are authenticated in clear.
/// <code>
/// +---------------+---------------+---------------+---------------+
/// |  version = 2  |     type      | flags: 0=IPv6 |   key epoch   |   0
/// |                           tunnel id                           |   4
/// |          counter, from 0 under each key, +1 (64 bits)         |   8
/// |                         tag (16 bytes)                        |  16
/// |                         ciphertext ...                        |  32
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
/// <param name="Type">Packet type, 1..10.</param>
/// <param name="Flags">Bit 0: the payload is IPv6.</param>
/// <param name="Epoch">Which keys; see docs/TUNNEL.md.</param>
/// <param name="TunnelId">Number of the tunnel.</param>
/// <param name="Counter">The nonce.</param>
public readonly record struct SecureHeader(byte Type, byte Flags, byte Epoch, uint TunnelId, ulong Counter)
{
    /// <summary>The protocol's first byte.</summary>
    public const byte Version = 2;

    /// <summary>Reads a header; a cut datagram, another version, a type of the handshake or a reserved bit gives <see langword="false"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out SecureHeader header)
    {
        if (datagram.Length < TunnelHeader.Size || datagram[0] != Version || datagram[1] is < TunnelHeader.MinType or > TunnelHeader.MaxType || (datagram[2] & 0xFE) != 0)
        {
            header = default;
            return false;
        }

        header = new SecureHeader(
            datagram[1],
            datagram[2],
            datagram[3],
            BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]),
            BinaryPrimitives.ReadUInt64BigEndian(datagram[8..]));
        return true;
    }

    /// <summary>Writes the first 16 bytes; the tag is not touched.</summary>
    /// <param name="datagram">At least 16 bytes.</param>
    public void Write(Span<byte> datagram)
    {
        datagram[0] = Version;
        datagram[1] = Type;
        datagram[2] = Flags;
        datagram[3] = Epoch;
        BinaryPrimitives.WriteUInt32BigEndian(datagram[4..], TunnelId);
        BinaryPrimitives.WriteUInt64BigEndian(datagram[8..], Counter);
    }
}
