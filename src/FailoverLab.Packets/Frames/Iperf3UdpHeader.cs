using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>
/// What iperf3 puts first into each UDP payload, big-endian: seconds, microseconds, and a packet count from 1 in 32 bits, or in 64 bits with
/// <c>--udp-counters-64bit</c>. Nothing names the format: one packet proves little, a run of them whose counts and times go up does.
/// </summary>
/// <remarks>
/// Source: iperf3, <c>iperf_udp_send</c> in <c>iperf_udp.c</c>, releases 3.0 to 3.20. The time is the sender's clock, which is the time of day
/// in old releases and the time since it started in new ones: differences mean something, the value does not. The width is recognised by the
/// first word of the count, which is 0 in 64 bits for the first 2^32 packets and never in 32 bits before the count wraps.
/// </remarks>
/// <param name="Seconds">Send time, whole seconds.</param>
/// <param name="Microseconds">Send time, the rest, 0..999999.</param>
/// <param name="Sequence">From 1, +1 per packet of the stream.</param>
/// <param name="Is64Bit">Whether the count has 64 bits.</param>
public readonly record struct Iperf3UdpHeader(uint Seconds, uint Microseconds, ulong Sequence, bool Is64Bit)
{
    /// <summary>Bytes of the header with a count of 32 bits, which is also the least that iperf3 sends.</summary>
    public const int Size = 12;

    /// <summary>Bytes of the header with a count of 64 bits.</summary>
    public const int Size64 = 16;

    private const uint MicrosecondsPerSecond = 1_000_000;

    /// <summary>Send time on the sender's clock, ns.</summary>
    public long SentNs => (Seconds * 1_000_000_000L) + (Microseconds * 1000L);

    /// <summary>
    /// Reads a header from a UDP payload; a cut payload, more than 999999 microseconds, or a count of 0 gives <see langword="false"/>.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Iperf3UdpHeader header)
    {
        header = default;
        if (payload.Length < Size) return false;
        var microseconds = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
        ulong count = BinaryPrimitives.ReadUInt32BigEndian(payload[8..]);
        var wide = count == 0 && payload.Length >= Size64;
        if (wide) count = BinaryPrimitives.ReadUInt32BigEndian(payload[12..]);
        if (microseconds >= MicrosecondsPerSecond || count == 0) return false;
        header = new Iperf3UdpHeader(BinaryPrimitives.ReadUInt32BigEndian(payload), microseconds, count, wide);
        return true;
    }
}
