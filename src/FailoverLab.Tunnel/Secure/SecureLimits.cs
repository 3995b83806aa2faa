namespace FailoverLab.Tunnel;

/// <summary>Lifetimes and rates of version 2; after WireGuard's where it has such a number.</summary>
internal static class SecureLimits
{
    /// <summary>Age of keys at which the initiator asks for new ones.</summary>
    public const long RekeyAfterNs = 120_000_000_000;

    /// <summary>Age of keys at which nothing more is sent under them: 15 s before the peer refuses, who may have made them up to 10 s earlier.</summary>
    public const long SendUntilNs = 165_000_000_000;

    /// <summary>Age of keys at which nothing more is taken under them.</summary>
    public const long RejectAfterNs = 180_000_000_000;

    /// <summary>How long the previous keys are taken after the first datagram under newer ones.</summary>
    public const long PreviousNs = 10_000_000_000;

    /// <summary>How long keys wait for the initiator's first datagram under them.</summary>
    public const long UnconfirmedNs = 30_000_000_000;

    /// <summary>Datagrams sent under one key at which the initiator asks for new ones.</summary>
    public const ulong RekeyAfterMessages = 1UL << 60;

    /// <summary>Datagrams sent under one key at which nothing more is sent under it.</summary>
    public const ulong RejectAfterMessages = ulong.MaxValue - 16384 - 1;

    /// <summary>First wait for an answer to HELLO; doubled up to <see cref="LongestRetryNs"/>, plus up to a third at random.</summary>
    public const long FirstRetryNs = 250_000_000;

    /// <summary>Longest wait for an answer to HELLO, without the random third.</summary>
    public const long LongestRetryNs = 500_000_000;

    /// <summary>How long one ephemeral key is offered; then a new attempt begins with another.</summary>
    public const long AttemptNs = 10_000_000_000;

    /// <summary>How long one cookie secret makes cookies; they are taken for as long again.</summary>
    public const long CookieSecretNs = 120_000_000_000;

    /// <summary>Handshakes per second computed for one source (IPv4 address or IPv6 /64).</summary>
    public const int PerSourceRate = 20;

    /// <summary>Handshakes at once computed for one source.</summary>
    public const int PerSourceBurst = 5;

    /// <summary>Sources kept; when all are busy further ones are refused.</summary>
    public const int Sources = 8192;

    /// <summary>Handshakes per second computed for one peer; with <see cref="PerPeerBurst"/> at most 50 in any second.</summary>
    public const int PerPeerRate = 40;

    /// <summary>Handshakes at once computed for one peer.</summary>
    public const int PerPeerBurst = 10;

    /// <summary>Handshakes per second computed before the responder is under load and demands cookies.</summary>
    public const int LoadRate = 25;

    /// <summary>Handshakes at once before the responder is under load.</summary>
    public const int LoadBurst = 25;

    /// <summary>Handshakes per second computed for peers without own key and without keys: a tenth of one core at half a millisecond each.</summary>
    public const int TotalRate = 200;
}
