using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>
/// The sequenced probe: first 32 bytes of a UDP payload, big-endian.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |                  magic 0x464C5031 ("FLP1")                    |
/// |                            flow id                            |
/// |                sequence, from 0, +1 per packet                |
/// |                           (64 bits)                           |
/// |         send time, ns since the Unix epoch, sender's          |
/// |                  CLOCK_REALTIME (64 bits)                     |
/// |           flags: bit 0 = echoed back by the far end           |
/// |                          reserved, 0                          |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
/// <param name="FlowId">Number of the flow, unique in a run.</param>
/// <param name="Sequence">From 0, +1 per packet.</param>
/// <param name="SentRealtimeNs">The sender's CLOCK_REALTIME at sending, ns.</param>
/// <param name="Flags">Bit 0: echoed.</param>
public readonly record struct ProbeHeader(uint FlowId, ulong Sequence, long SentRealtimeNs, uint Flags)
{
    /// <summary>Bytes the header takes.</summary>
    public const int Size = 32;

    /// <summary>"FLP1".</summary>
    public const uint Magic = 0x464C5031;

    /// <summary>Reads a probe from a UDP payload; a cut or foreign payload gives <see langword="false"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ProbeHeader header)
    {
        if (payload.Length < Size || BinaryPrimitives.ReadUInt32BigEndian(payload) != Magic)
        {
            header = default;
            return false;
        }

        header = new ProbeHeader(
            BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            BinaryPrimitives.ReadUInt64BigEndian(payload[8..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[24..]));
        return true;
    }

    /// <summary>Writes the header.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], FlowId);
        BinaryPrimitives.WriteUInt64BigEndian(payload[8..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(payload[16..], SentRealtimeNs);
        BinaryPrimitives.WriteUInt32BigEndian(payload[24..], Flags);
        BinaryPrimitives.WriteUInt32BigEndian(payload[28..], 0);
    }
}
