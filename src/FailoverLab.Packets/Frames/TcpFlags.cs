namespace FailoverLab.Packets;

/// <summary>The flags of a TCP header (RFC 9293, RFC 3168).</summary>
[Flags]
public enum TcpFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The sender has no more to send.</summary>
    Fin = 0x01,

    /// <summary>The connection starts.</summary>
    Syn = 0x02,

    /// <summary>The connection is given up.</summary>
    Rst = 0x04,

    /// <summary>The receiver should not wait for more.</summary>
    Psh = 0x08,

    /// <summary>The acknowledgment number is valid.</summary>
    Ack = 0x10,

    /// <summary>The urgent pointer is valid.</summary>
    Urg = 0x20,

    /// <summary>Congestion was experienced.</summary>
    Ece = 0x40,

    /// <summary>The sender has reduced its window.</summary>
    Cwr = 0x80,
}
