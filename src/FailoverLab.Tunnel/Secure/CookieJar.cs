using System.Buffers.Binary;
using System.Security.Cryptography;
using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>
/// Cookies: proof that whoever sends a HELLO receives at its source address, now. A cookie is a MAC over address, port, tunnel and how
/// many handshakes the tunnel has had, so it serves one handshake and needs no memory. Its secret is random per run and changes
/// every 120 s.
/// </summary>
internal sealed class CookieJar : IDisposable
{
    private const int SecretSize = 32;

    private byte[] _secret = RandomNumberGenerator.GetBytes(SecretSize);
    private byte[] _former = RandomNumberGenerator.GetBytes(SecretSize);
    private long _sinceNs;

    public CookieJar(long nowNs) => _sinceNs = nowNs;

    /// <summary>Writes the 16 bytes of a cookie.</summary>
    public void Write(Span<byte> cookie, in DatagramAddress source, uint tunnelId, ulong handshakes, long nowNs)
    {
        Rotate(nowNs);
        Compute(_secret, source, tunnelId, handshakes, cookie);
    }

    /// <summary>Whether a cookie was made for this, under the present or the former secret.</summary>
    public bool Verify(ReadOnlySpan<byte> cookie, in DatagramAddress source, uint tunnelId, ulong handshakes, long nowNs)
    {
        if (!cookie.ContainsAnyExcept((byte)0))
        {
            return false;
        }

        Rotate(nowNs);
        Span<byte> expected = stackalloc byte[HandshakeLayout.CookieSize];
        Compute(_secret, source, tunnelId, handshakes, expected);
        var isPresent = CryptographicOperations.FixedTimeEquals(expected, cookie);
        Compute(_former, source, tunnelId, handshakes, expected);
        return isPresent | CryptographicOperations.FixedTimeEquals(expected, cookie);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        CryptographicOperations.ZeroMemory(_former);
    }

    private static void Compute(byte[] secret, in DatagramAddress source, uint tunnelId, ulong handshakes, Span<byte> cookie)
    {
        Span<byte> input = stackalloc byte[30];
        BinaryPrimitives.WriteUInt64BigEndian(input, source.High);
        BinaryPrimitives.WriteUInt64BigEndian(input[8..], source.Low);
        BinaryPrimitives.WriteUInt16BigEndian(input[16..], source.Port);
        BinaryPrimitives.WriteUInt32BigEndian(input[18..], tunnelId);
        BinaryPrimitives.WriteUInt64BigEndian(input[22..], handshakes);
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, input, mac);
        mac[..HandshakeLayout.CookieSize].CopyTo(cookie);
    }

    private void Rotate(long nowNs)
    {
        var periods = (nowNs - _sinceNs) / SecureLimits.CookieSecretNs;
        if (periods <= 0)
        {
            return;
        }

        (_former, _secret) = (_secret, _former);
        RandomNumberGenerator.Fill(_secret);
        if (periods > 1)
        {
            // After a long pause the present secret is as stale as the former one.
            RandomNumberGenerator.Fill(_former);
        }

        _sinceNs += periods * SecureLimits.CookieSecretNs;
    }
}
