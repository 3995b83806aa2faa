namespace FailoverLab.Analysis;

/// <summary>What a sighting shows of a TCP segment.</summary>
/// <param name="IsBackward">Whether it goes from the key's destination to its source.</param>
/// <param name="Flags">The eight flags of its header.</param>
/// <param name="Payload">Bytes it carries.</param>
/// <param name="Sequence">Sequence number.</param>
/// <param name="Acknowledgement">Acknowledgement number.</param>
/// <param name="StampNs">Capture time, ns since the Unix epoch.</param>
/// <param name="Length">Bytes on the wire.</param>
internal readonly record struct TcpSighting(bool IsBackward, byte Flags, uint Payload, uint Sequence, uint Acknowledgement, long StampNs, int Length)
{
    /// <summary>Whether it acknowledges anything.</summary>
    public bool HasAcknowledgement => (Flags & 0x10) != 0;

    /// <summary>Whether it opens a connection.</summary>
    public bool IsOpening => (Flags & 0x02) != 0;

    /// <summary>Sequence numbers it takes: its bytes, and one each for SYN and FIN.</summary>
    public uint Span => Payload + (uint)((Flags >> 1) & 1) + (uint)(Flags & 1);

    /// <summary>Puts what does not stand in the first number into the second.</summary>
    public static ulong Pack(bool isBackward, byte flags, uint payload) => (isBackward ? 1UL << 63 : 0) | ((ulong)flags << 32) | payload;

    /// <summary>Reads a sighting of a TCP flow.</summary>
    public static TcpSighting Of(in Sighting sighting) => new(
        sighting.B >> 63 != 0, (byte)(sighting.B >> 32), (uint)sighting.B, (uint)(sighting.A >> 32), (uint)sighting.A, sighting.StampNs, sighting.Length);
}
