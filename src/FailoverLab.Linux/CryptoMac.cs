using System.Security.Cryptography;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// HMAC-SHA256 (RFC 2104) by the SHA-256 of libcrypto called directly. The states after the key's two pads are kept and copied for each
/// message, which spares two blocks and the library's look-ups per message. Not thread-safe.
/// </summary>
public sealed unsafe class CryptoMac : IDatagramMac
{
    private const int BlockSize = 64;

    private readonly Sha256Library _library;
    private Sha256State _inner;
    private Sha256State _outer;

    private CryptoMac(Sha256Library library, ReadOnlySpan<byte> key)
    {
        _library = library;
        Span<byte> block = stackalloc byte[BlockSize];
        block.Clear();
        if (key.Length > BlockSize)
        {
            SHA256.HashData(key, block);
        }
        else
        {
            key.CopyTo(block);
        }

        _inner = Begin(block, 0x36);
        _outer = Begin(block, 0x5C);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>Makes one for a key.</summary>
    /// <param name="key">Any length; only what follows from it is kept.</param>
    /// <returns><see langword="null"/> where libcrypto.so.3 is not there, lacks the calls or computes something else.</returns>
    public static CryptoMac? TryCreate(ReadOnlySpan<byte> key)
    {
        if (Sha256Library.Shared is not { } library)
        {
            return null;
        }

        var mac = new CryptoMac(library, key);
        Span<byte> probe = stackalloc byte[100];
        probe.Fill(0x5A);
        Span<byte> ours = stackalloc byte[IDatagramMac.Size];
        mac.Compute(probe[..16], probe[16..], ours);
        return ours.SequenceEqual(HMACSHA256.HashData(key, probe)) ? mac : null;
    }

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mac.Length, IDatagramMac.Size);
        var state = _inner;
        var digest = stackalloc byte[IDatagramMac.Size];
        fixed (byte* a = first, b = second, result = mac)
        {
            _library.Update(&state, a, (nuint)first.Length);
            _library.Update(&state, b, (nuint)second.Length);
            _library.Final(digest, &state);
            state = _outer;
            _library.Update(&state, digest, IDatagramMac.Size);
            _library.Final(result, &state);
        }
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _inner = _outer = default;

    private Sha256State Begin(ReadOnlySpan<byte> key, byte pad)
    {
        var block = stackalloc byte[BlockSize];
        for (var i = 0; i < BlockSize; i++)
        {
            block[i] = (byte)(key[i] ^ pad);
        }

        Sha256State state;
        _library.Init(&state);
        _library.Update(&state, block, BlockSize);
        return state;
    }
}
