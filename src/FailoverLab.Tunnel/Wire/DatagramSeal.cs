using System.Security.Cryptography;
using System.Text;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// Writes and checks the tag: first 16 bytes of HMAC-SHA256 (RFC 2104, truncated as RFC 4868 does) over header bytes 0..15 and the
/// payload. The key schedule is computed once. Allocates nothing per datagram. Not thread-safe: one per loop.
/// </summary>
/// <param name="mac">Computes the MAC under the pre-shared key; disposed of with the seal.</param>
public sealed class DatagramSeal(IDatagramMac mac) : IDisposable
{
    /// <summary>Takes the pre-shared key, with the framework's HMAC.</summary>
    /// <param name="preSharedKey">The text as configured.</param>
    public DatagramSeal(string preSharedKey)
        : this(new IncrementalMac(KeyOf(preSharedKey)))
    {
    }

    /// <summary>The key that a configured text stands for: its UTF-8 bytes; it is not Base64-decoded.</summary>
    public static byte[] KeyOf(string preSharedKey) => Encoding.UTF8.GetBytes(preSharedKey);

    /// <summary>Writes the tag of a datagram whose first 16 bytes and payload are in place.</summary>
    /// <param name="datagram">The whole datagram, at least a header.</param>
    public void Write(Span<byte> datagram)
    {
        Span<byte> whole = stackalloc byte[IDatagramMac.Size];
        Compute(datagram, whole);
        whole[..TunnelHeader.TagSize].CopyTo(datagram[TunnelHeader.AuthenticatedSize..]);
    }

    /// <summary>Whether the tag is right; takes the same time wherever it differs.</summary>
    /// <param name="datagram">The whole datagram, at least a header.</param>
    public bool Verify(ReadOnlySpan<byte> datagram)
    {
        Span<byte> whole = stackalloc byte[IDatagramMac.Size];
        Compute(datagram, whole);
        return CryptographicOperations.FixedTimeEquals(whole[..TunnelHeader.TagSize], datagram[TunnelHeader.AuthenticatedSize..TunnelHeader.Size]);
    }

    /// <inheritdoc/>
    public void Dispose() => mac.Dispose();

    private void Compute(ReadOnlySpan<byte> datagram, Span<byte> whole) =>
        mac.Compute(datagram[..TunnelHeader.AuthenticatedSize], datagram[TunnelHeader.Size..], whole);
}
