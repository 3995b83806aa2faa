using System.Buffers.Binary;
using System.Security.Cryptography;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// Encrypts or decrypts the datagrams of one tunnel, direction and epoch: AEAD over the payload with bytes 0..15 as associated data;
/// the nonce is four zero bytes and the counter. Allocates nothing per authentic datagram.
/// </summary>
internal sealed class DatagramCipher : IDisposable
{
    private const int NonceSize = 12;

    private readonly AesGcm? _aes;
    private readonly ChaCha20Poly1305? _chaCha;

    /// <summary>Takes the key; the caller's copy can be zeroed after.</summary>
    public DatagramCipher(CipherSuites suite, ReadOnlySpan<byte> key)
    {
        if (suite == CipherSuites.AesGcm)
        {
            _aes = new AesGcm(key, TunnelHeader.TagSize);
        }
        else
        {
            _chaCha = new ChaCha20Poly1305(key);
        }
    }

    /// <summary>Encrypts.</summary>
    /// <param name="payload">Plain payload; may be the datagram's own.</param>
    /// <param name="datagram">Header in bytes 0..15; tag and ciphertext are written behind it.</param>
    /// <param name="counter">The header's counter, used once under this key.</param>
    public void Seal(ReadOnlySpan<byte> payload, Span<byte> datagram, ulong counter)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, counter);
        Encrypt(nonce, payload, datagram[TunnelHeader.Size..], datagram[TunnelHeader.AuthenticatedSize..TunnelHeader.Size], datagram[..TunnelHeader.AuthenticatedSize]);
    }

    /// <summary>Decrypts what this object sealed; nothing is checked.</summary>
    /// <param name="datagram">Whole datagram; its tag is lost.</param>
    /// <param name="counter">The header's counter.</param>
    public void Unseal(Span<byte> datagram, ulong counter)
    {
        // Both suites are stream ciphers: the second encryption undoes the first.
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, counter);
        Encrypt(nonce, datagram[TunnelHeader.Size..], datagram[TunnelHeader.Size..], datagram[TunnelHeader.AuthenticatedSize..TunnelHeader.Size], datagram[..TunnelHeader.AuthenticatedSize]);
    }

    /// <summary>Decrypts in place.</summary>
    /// <param name="datagram">Whole datagram; its payload is undefined after a wrong tag.</param>
    /// <param name="counter">The header's counter.</param>
    /// <param name="guard">Decides how tags are checked.</param>
    /// <param name="nowNs">Monotonic time.</param>
    /// <returns>Whether the tag is right.</returns>
    public bool TryOpen(Span<byte> datagram, ulong counter, ForgeryGuard guard, long nowNs)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, counter);
        var payload = datagram[TunnelHeader.Size..];
        var tag = datagram[TunnelHeader.AuthenticatedSize..TunnelHeader.Size];
        var associated = datagram[..TunnelHeader.AuthenticatedSize];
        return guard.MayThrow(nowNs)
            ? TryDecrypt(nonce, payload, tag, associated, guard, nowNs)
            : TryCompare(nonce, payload, tag, associated, guard);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aes?.Dispose();
        _chaCha?.Dispose();
    }

    private static void WriteNonce(Span<byte> nonce, ulong counter)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], counter);
    }

    private bool TryDecrypt(ReadOnlySpan<byte> nonce, Span<byte> payload, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated, ForgeryGuard guard, long nowNs)
    {
        try
        {
            _aes?.Decrypt(nonce, payload, tag, payload, associated);
            _chaCha?.Decrypt(nonce, payload, tag, payload, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            guard.OnThrown(nowNs);
            return false;
        }
    }

    /// <summary>
    /// Both suites are stream ciphers: encrypting the ciphertext gives the plaintext (with a tag that means nothing), and encrypting
    /// that gives the ciphertext back with the tag it must have had.
    /// </summary>
    private bool TryCompare(ReadOnlySpan<byte> nonce, Span<byte> payload, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated, ForgeryGuard guard)
    {
        Span<byte> computed = stackalloc byte[TunnelHeader.TagSize];
        var plain = guard.Scratch.AsSpan(0, payload.Length);
        Encrypt(nonce, payload, plain, computed, associated);
        Encrypt(nonce, plain, payload, computed, associated);
        if (!CryptographicOperations.FixedTimeEquals(computed, tag))
        {
            CryptographicOperations.ZeroMemory(plain);
            guard.OnCompared();
            return false;
        }

        plain.CopyTo(payload);
        return true;
    }

    private void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> from, Span<byte> to, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        _aes?.Encrypt(nonce, from, to, tag, associated);
        _chaCha?.Encrypt(nonce, from, to, tag, associated);
    }
}
