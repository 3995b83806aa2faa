namespace FailoverLab.Tunnel;

/// <summary>Why a datagram was not taken. Nothing is ever answered to a refused datagram.</summary>
public enum RefusalReason
{
    /// <summary>Shorter than a header, another version, an unknown type or a reserved bit.</summary>
    Malformed,

    /// <summary>A tunnel id that does not belong to the socket it came in on.</summary>
    WrongTunnel,

    /// <summary>Timestamp more than 60 s from our clock.</summary>
    OutsideTimeWindow,

    /// <summary>Sent before this program or the peer's present run started.</summary>
    BeforeEpoch,

    /// <summary>Sequence seen before or older than the replay window.</summary>
    Replayed,

    /// <summary>The tag is not that of this content under this key.</summary>
    BadTag,

    /// <summary>A type, role or address that the other side never sends: our own datagram thrown back at us.</summary>
    Reflected,

    /// <summary>Content that cannot be read or is meant for another router.</summary>
    BadContent,

    /// <summary>Data on a tunnel whose peer has not shown yet that it talks to this run of this router.</summary>
    Unconfirmed,

    /// <summary>Inner source address that the endpoint did not advertise.</summary>
    SpoofedSource,

    /// <summary>No room for another peer.</summary>
    TableFull,
}
