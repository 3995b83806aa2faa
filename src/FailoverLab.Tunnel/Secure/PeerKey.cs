using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.Tunnel;

/// <summary>
/// A pre-shared key as version 2 uses it, for one responder: what enters the keys of a handshake, and the MAC that keeps strangers
/// from getting an answer. Not thread-safe: one per loop.
/// </summary>
public sealed class PeerKey : IDisposable
{
    private readonly byte[] _secret = new byte[SHA256.HashSizeInBytes];
    private readonly IncrementalHash _mac;

    /// <summary>Derives from the configured text.</summary>
    /// <param name="preSharedKey">The text as configured; its UTF-8 bytes count.</param>
    /// <param name="responderId">Id of the router that answers.</param>
    public PeerKey(string preSharedKey, string responderId)
    {
        var text = Encoding.UTF8.GetBytes(preSharedKey);
        HKDF.Extract(HashAlgorithmName.SHA256, text, "FailoverLab tunnel 2"u8, _secret);
        CryptographicOperations.ZeroMemory(text);
        Span<byte> macKey = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, _secret, macKey, (byte[])[.. "FailoverLab tunnel 2 hello"u8, .. Encoding.UTF8.GetBytes(responderId)]);
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, macKey);
        CryptographicOperations.ZeroMemory(macKey);
        ResponderId = responderId;
    }

    /// <summary>Id of the router that answers.</summary>
    public string ResponderId { get; }

    /// <summary>Enters the derivation of every key.</summary>
    internal ReadOnlySpan<byte> Secret => _secret;

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        _mac.Dispose();
    }

    /// <summary>Writes the 16-byte MAC that ends a handshake datagram.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="context">What the MAC covers before the datagram; empty for HELLO and COOKIE.</param>
    internal void WriteMac(Span<byte> datagram, ReadOnlySpan<byte> context = default)
    {
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        Compute(datagram, context, mac);
        mac[..HandshakeLayout.MacSize].CopyTo(datagram[^HandshakeLayout.MacSize..]);
    }

    /// <summary>Whether the MAC is right; takes the same time wherever it differs.</summary>
    internal bool VerifyMac(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> context = default)
    {
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        Compute(datagram, context, mac);
        return CryptographicOperations.FixedTimeEquals(mac[..HandshakeLayout.MacSize], datagram[^HandshakeLayout.MacSize..]);
    }

    private void Compute(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> context, Span<byte> mac)
    {
        _mac.AppendData(context);
        _mac.AppendData(datagram[..^HandshakeLayout.MacSize]);
        _mac.GetHashAndReset(mac);
    }
}
