namespace FailoverLab.Tunnel;

/// <summary>Why a datagram was not taken. Nothing is answered to a refused datagram, but to <see cref="CookieDemanded"/>.</summary>
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

    /// <summary>No keys of that epoch, or they are too old.</summary>
    UnknownKeys,

    /// <summary>A part of a handshake that was seen before or answers nothing of ours.</summary>
    StaleHandshake,

    /// <summary>A HELLO that must come again with a cookie; the only refusal that is answered.</summary>
    CookieDemanded,

    /// <summary>More handshakes than the source, the peer or this machine may have.</summary>
    HandshakeLimited,

    /// <summary>A version that is not allowed here.</summary>
    VersionRefused,
}
