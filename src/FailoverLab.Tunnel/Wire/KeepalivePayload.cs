using System.Buffers.Binary;

namespace FailoverLab.Tunnel;

/// <summary>
/// Statistics in a keepalive, 72 bytes or 88, big-endian. A foreign peer may send an empty payload instead; its path then has liveness only.
/// <code>
///  0                   1                   2                   3
/// +---------------+---------------+---------------+---------------+
/// |                  magic 0x464C4B31 ("FLK1")                    |   0
/// |     role      |     flags     | pause, ms     | ended, ms ago |   4   0, 0 = none of late
/// |                   sender's session (64 bits)                  |   8
/// |         session the sender heard last, 0 = none (64)          |  16
/// |       send time, ns of the sender's own clock (64 bits)       |  24
/// |   echo: the peer's newest send time, 0 = none (64 bits)       |  32
/// |   ns the sender held that echo before sending (64 bits)       |  40
/// |                    keepalive interval, us                     |  48
/// |         datagrams received on this tunnel, wraps              |  52
/// |         highest sequence received on this tunnel              |  56
/// |         jitter of what was received, us (RFC 3550)            |  60
/// |    number of the endpoint's newest activation, 0 = none       |  64
/// |       tag of the router's id, 0 = not said (RouterTag)        |  68
/// | highest data number received from the peer (64 bits)          |  72   only where what is received
/// | which of the 64 numbers before it, bit 0 = the next lower     |  80   must be acknowledged
/// +---------------------------------------------------------------+
/// </code>
/// Flags: bit 0 = active; bit 1 = the sender takes numbered data; bits 2 to 4 = how the endpoint's data is carried, both ways
/// (<see cref="DataMode"/>); bit 5 = the router has the endpoint's prefixes (<see cref="HasRoutes"/>).
/// </summary>
/// <param name="Role">Who wrote it.</param>
/// <param name="IsActiveRouter">Endpoint: the receiver is the router it has activated. Router: it holds the endpoint's activation.</param>
/// <param name="Session">Random number of the sender's present run, never 0.</param>
/// <param name="PeerSession">The session it last heard; 0 = none.</param>
/// <param name="SentNs">The sender's monotonic clock.</param>
/// <param name="EchoNs">The newest <paramref name="SentNs"/> it received; 0 = none.</param>
/// <param name="EchoHeldNs">How long ago it received that.</param>
/// <param name="IntervalUs">How often the endpoint sends keepalives.</param>
/// <param name="Received">Authentic datagrams received on this tunnel.</param>
/// <param name="HighestReceived">Highest sequence among them.</param>
/// <param name="JitterUs">RFC 3550 jitter of received keepalives.</param>
/// <param name="ActivationNumber">The endpoint's newest activation.</param>
public readonly record struct KeepalivePayload(
    KeepaliveRole Role,
    bool IsActiveRouter,
    ulong Session,
    ulong PeerSession,
    long SentNs,
    long EchoNs,
    long EchoHeldNs,
    uint IntervalUs,
    uint Received,
    uint HighestReceived,
    uint JitterUs,
    uint ActivationNumber)
{
    private const byte ActiveFlag = 1;
    private const byte TakesNumbersFlag = 2;
    private const int ModeShift = 2;
    private const int ModeMask = 7;
    private const byte HasRoutesFlag = 32;

    /// <summary>Bytes the payload takes without an acknowledgement.</summary>
    public const int Size = 72;

    /// <summary>Bytes it takes with one.</summary>
    public const int SizeWithAck = 88;

    /// <summary>Whether the sender takes numbered data.</summary>
    public bool TakesNumbers { get; init; }

    /// <summary>From a router: it was told the endpoint's prefixes on this tunnel, in the endpoint's present run. Until then they are told again.</summary>
    public bool HasRoutes { get; init; }

    /// <summary>Which router it is for, or from; 0 when the sender does not say.</summary>
    public uint Router { get; init; }

    /// <summary>When the sender itself stood still.</summary>
    public PauseReport Pause { get; init; }

    /// <summary>How the endpoint's data is carried.</summary>
    public DataMode Mode { get; init; }

    /// <summary>What the sender has received of numbered data; default when the payload holds none.</summary>
    public DataAck Ack { get; init; }

    private const uint Magic = 0x464C4B31;

    /// <summary>Reads a payload; a shorter or foreign one gives <see langword="false"/>. A longer one is a later version's and is read as far as known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out KeepalivePayload value)
    {
        if (payload.Length < Size || BinaryPrimitives.ReadUInt32BigEndian(payload) != Magic || payload[4] is not (1 or 2))
        {
            value = default;
            return false;
        }

        value = new KeepalivePayload(
            (KeepaliveRole)payload[4],
            (payload[5] & ActiveFlag) != 0,
            BinaryPrimitives.ReadUInt64BigEndian(payload[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(payload[16..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[24..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[32..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[40..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[48..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[52..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[56..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[60..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[64..]))
        {
            TakesNumbers = (payload[5] & TakesNumbersFlag) != 0,
            HasRoutes = (payload[5] & HasRoutesFlag) != 0,
            Pause = new PauseReport(payload[6], payload[7]),
            Router = BinaryPrimitives.ReadUInt32BigEndian(payload[68..]),
            Mode = (DataMode)((payload[5] >> ModeShift) & ModeMask),
            Ack = payload.Length < SizeWithAck ? default : new DataAck(BinaryPrimitives.ReadUInt64BigEndian(payload[72..]), BinaryPrimitives.ReadUInt64BigEndian(payload[80..])),
        };
        return true;
    }

    /// <summary>Writes the payload.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes; with <see cref="SizeWithAck"/> or more the acknowledgement is written too.</param>
    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, Magic);
        payload[4] = (byte)Role;
        payload[5] = (byte)((IsActiveRouter ? ActiveFlag : 0) | (TakesNumbers ? TakesNumbersFlag : 0) | (HasRoutes ? HasRoutesFlag : 0) | ((int)Mode << ModeShift));
        (payload[6], payload[7]) = (Pause.LengthMs, Pause.AgoMs);
        BinaryPrimitives.WriteUInt64BigEndian(payload[8..], Session);
        BinaryPrimitives.WriteUInt64BigEndian(payload[16..], PeerSession);
        BinaryPrimitives.WriteInt64BigEndian(payload[24..], SentNs);
        BinaryPrimitives.WriteInt64BigEndian(payload[32..], EchoNs);
        BinaryPrimitives.WriteInt64BigEndian(payload[40..], EchoHeldNs);
        BinaryPrimitives.WriteUInt32BigEndian(payload[48..], IntervalUs);
        BinaryPrimitives.WriteUInt32BigEndian(payload[52..], Received);
        BinaryPrimitives.WriteUInt32BigEndian(payload[56..], HighestReceived);
        BinaryPrimitives.WriteUInt32BigEndian(payload[60..], JitterUs);
        BinaryPrimitives.WriteUInt32BigEndian(payload[64..], ActivationNumber);
        BinaryPrimitives.WriteUInt32BigEndian(payload[68..], Router);
        if (payload.Length >= SizeWithAck)
        {
            BinaryPrimitives.WriteUInt64BigEndian(payload[72..], Ack.Highest);
            BinaryPrimitives.WriteUInt64BigEndian(payload[80..], Ack.Before);
        }
    }
}
