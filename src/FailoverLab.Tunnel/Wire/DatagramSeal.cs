using System.Security.Cryptography;
using System.Text;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// Writes and checks the tag: first 16 bytes of HMAC-SHA256 (RFC 2104, truncated as RFC 4868 does) over header bytes 0..15 and the
/// payload. The key schedule is computed once. Allocates nothing per datagram. Not thread-safe: one per loop.
/// </summary>
public sealed class DatagramSeal : IDisposable
{
    private readonly IncrementalHash _mac;

    /// <summary>Takes the pre-shared key.</summary>
    /// <param name="preSharedKey">The text as configured; its UTF-8 bytes are the key, it is not Base64-decoded.</param>
    public DatagramSeal(string preSharedKey) => _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(preSharedKey));

    /// <summary>Writes the tag of a datagram whose first 16 bytes and payload are in place.</summary>
    /// <param name="datagram">The whole datagram, at least a header.</param>
    public void Write(Span<byte> datagram)
    {
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        Compute(datagram, mac);
        mac[..TunnelHeader.TagSize].CopyTo(datagram[TunnelHeader.AuthenticatedSize..]);
    }

    /// <summary>Whether the tag is right; takes the same time wherever it differs.</summary>
    /// <param name="datagram">The whole datagram, at least a header.</param>
    public bool Verify(ReadOnlySpan<byte> datagram)
    {
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        Compute(datagram, mac);
        return CryptographicOperations.FixedTimeEquals(mac[..TunnelHeader.TagSize], datagram[TunnelHeader.AuthenticatedSize..TunnelHeader.Size]);
    }

    /// <inheritdoc/>
    public void Dispose() => _mac.Dispose();

    private void Compute(ReadOnlySpan<byte> datagram, Span<byte> mac)
    {
        _mac.AppendData(datagram[..TunnelHeader.AuthenticatedSize]);
        _mac.AppendData(datagram[TunnelHeader.Size..]);
        _mac.GetHashAndReset(mac);
    }
}
