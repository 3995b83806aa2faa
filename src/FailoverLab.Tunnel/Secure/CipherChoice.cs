using System.Security.Cryptography;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace FailoverLab.Tunnel;

/// <summary>Which suites this machine offers, and which of two offers is taken.</summary>
internal static class CipherChoice
{
    /// <summary>
    /// AES only where the processor has instructions for it: there it is the faster one (docs/TUNNEL.md has figures), elsewhere it
    /// is slow and its tables leak through the cache.
    /// </summary>
    public static CipherSuites Offered { get; } =
        (AesGcm.IsSupported && (X86Aes.IsSupported || ArmAes.IsSupported) ? CipherSuites.AesGcm : 0)
        | (ChaCha20Poly1305.IsSupported ? CipherSuites.ChaCha20Poly1305 : 0);

    /// <summary>The suite both sides offer, AES first; <see cref="CipherSuites.None"/> when there is none.</summary>
    public static CipherSuites Choose(CipherSuites ours, CipherSuites theirs)
    {
        var both = ours & theirs;
        return (both & CipherSuites.AesGcm) != 0 ? CipherSuites.AesGcm : both & CipherSuites.ChaCha20Poly1305;
    }
}
