using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>
/// The tunnel's 32-byte header, version 1, big-endian, as it stands first in the UDP payload. Reading proves nothing:
/// authentication is the tunnel's business.
/// <code>
/// +---------------+---------------+---------------+---------------+
/// |  version = 1  |     type      | flags: 0=IPv6 |  reserved, 0  |
/// |                           tunnel id                           |
/// |              sequence, from 0, +1 per packet                  |
/// |              timestamp, Unix ms, low 32 bits                  |
/// |    first 16 bytes of HMAC-SHA256(PSK, bytes 0..15 + payload)  |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
/// <param name="Type">Packet type, 1..11.</param>
/// <param name="Flags">Bit 0: the payload is IPv6.</param>
/// <param name="TunnelId">Number of the tunnel.</param>
/// <param name="Sequence">Wraps at 2^32.</param>
/// <param name="TimestampMs">Unix time in ms, low 32 bits.</param>
public readonly record struct TunnelHeader(byte Type, byte Flags, uint TunnelId, uint Sequence, uint TimestampMs)
{
    /// <summary>Bytes the header takes.</summary>
    public const int Size = 32;

    /// <summary>Bytes that the tag covers, before the payload.</summary>
    public const int AuthenticatedSize = 16;

    /// <summary>Bytes of the tag.</summary>
    public const int TagSize = 16;

    /// <summary>The protocol's first byte.</summary>
    public const byte Version = 1;

    /// <summary>Smallest known packet type.</summary>
    public const byte MinType = 1;

    /// <summary>Largest known packet type.</summary>
    public const byte MaxType = 11;

    /// <summary>Packet type of a whole inner IP packet.</summary>
    public const byte DataType = 1;

    /// <summary>Packet type of a whole inner IP packet behind its number.</summary>
    public const byte NumberedDataType = 11;

    /// <summary>Bytes of that number.</summary>
    public const int NumberSize = 8;

    /// <summary>Bytes of the datagram before the inner IP packet; -1 when it carries none.</summary>
    public int InnerOffset => Type switch
    {
        DataType => Size,
        NumberedDataType => Size + NumberSize,
        _ => -1,
    };

    /// <summary>Reads a header; a cut payload, another version, an unknown type or a reserved bit gives <see langword="false"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out TunnelHeader header)
    {
        if (payload.Length < Size || payload[0] != Version || payload[1] is < MinType or > MaxType || (payload[2] & 0xFE) != 0 || payload[3] != 0)
        {
            header = default;
            return false;
        }

        header = new TunnelHeader(
            payload[1],
            payload[2],
            BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[12..]));
        return true;
    }

    /// <summary>Writes the first 16 bytes; the tag is not touched.</summary>
    /// <param name="payload">At least <see cref="AuthenticatedSize"/> bytes.</param>
    public void Write(Span<byte> payload)
    {
        payload[0] = Version;
        payload[1] = Type;
        payload[2] = Flags;
        payload[3] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], TunnelId);
        BinaryPrimitives.WriteUInt32BigEndian(payload[8..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(payload[12..], TimestampMs);
    }
}
