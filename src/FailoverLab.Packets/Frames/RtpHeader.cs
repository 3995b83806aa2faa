using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>
/// The first 12 bytes of an RTP packet (RFC 3550 §5.1). They hold two bits that must be as they are and little else that can be checked: one
/// packet proves nothing, a run of them with one source and numbers that go up does.
/// </summary>
/// <param name="PayloadType">What is carried, 0..127 (RFC 3551).</param>
/// <param name="Marker">A frame boundary, as the payload type says.</param>
/// <param name="Sequence">+1 per packet; wraps at 2^16.</param>
/// <param name="Timestamp">Sampling instant in the payload's own clock; wraps at 2^32.</param>
/// <param name="Source">Synchronization source (SSRC).</param>
/// <param name="HeaderLength">Bytes before the payload as far as the header tells: 12, plus 4 per contributing source; an extension not counted.</param>
public readonly record struct RtpHeader(byte PayloadType, bool Marker, ushort Sequence, uint Timestamp, uint Source, int HeaderLength)
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int Size = 12;

    /// <summary>The only version in use.</summary>
    public const int Version = 2;

    /// <summary>
    /// Reads an RTP header from a UDP payload; another version, a cut header, or a payload type that is RTCP on the same port (RFC 5761 §4:
    /// 64..95) gives <see langword="false"/>.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out RtpHeader header)
    {
        header = default;
        if (payload.Length < Size || payload[0] >> 6 != Version) return false;
        var type = (byte)(payload[1] & 0x7F);
        if (type is >= 64 and <= 95) return false;
        header = new RtpHeader(
            type,
            (payload[1] & 0x80) != 0,
            BinaryPrimitives.ReadUInt16BigEndian(payload[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[8..]),
            Size + (4 * (payload[0] & 0x0F)));
        return true;
    }
}
