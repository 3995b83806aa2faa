namespace FailoverLab.Tunnel;
/// <summary>Ways to encrypt, as a set in HELLO and as the one chosen in HELLO_REPLY.</summary>
[Flags]
public enum CipherSuites : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>AES-256-GCM (NIST SP 800-38D), 16-byte tag.</summary>
    AesGcm = 1,

    /// <summary>ChaCha20-Poly1305 (RFC 8439).</summary>
    ChaCha20Poly1305 = 2,
}

