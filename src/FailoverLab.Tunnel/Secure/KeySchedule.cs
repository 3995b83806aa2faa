using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.Tunnel;

/// <summary>
/// Keys of one handshake: HKDF-SHA256 (RFC 5869), salt = both nonces, input = pre-shared secret and ECDH secret. Every key's info
/// names the protocol, direction, suites, epoch, tunnel, endpoint, both public points and the router. See docs/TUNNEL.md.
/// </summary>
internal static class KeySchedule
{
    private const int SecretSize = SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Label => "FailoverLab tunnel 2 key"u8;

    /// <summary>Derives the ciphers and the confirmation of a handshake, and zeroes everything else.</summary>
    /// <param name="context">What both sides know.</param>
    /// <param name="shared">ECDH secret; zeroed.</param>
    /// <param name="hello">HELLO: the initiator's nonce and point, and the suites it offered.</param>
    /// <param name="reply">HELLO_REPLY, at least up to its confirmation.</param>
    /// <param name="confirmation">Takes 16 bytes: the responder's proof that it has the keys.</param>
    /// <returns>The cipher towards the responder and the one towards the initiator.</returns>
    public static (DatagramCipher ToResponder, DatagramCipher ToInitiator) Derive(in HandshakeContext context, byte[] shared, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> reply, Span<byte> confirmation)
    {
        Span<byte> prk = stackalloc byte[SecretSize];
        Extract(context.Key, shared, hello, reply, prk);
        var info = Info(context, hello, reply);
        Span<byte> key = stackalloc byte[SecretSize];
        Expand(prk, info, 'i', key);
        var toResponder = new DatagramCipher(context.Suite, key);
        Expand(prk, info, 'r', key);
        var toInitiator = new DatagramCipher(context.Suite, key);
        Expand(prk, info, 'c', key);
        Span<byte> mac = stackalloc byte[SecretSize];
        HMACSHA256.HashData(key, reply[..HandshakeLayout.ReplyConfirmation], mac);
        mac[..HandshakeLayout.MacSize].CopyTo(confirmation);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(prk);
        return (toResponder, toInitiator);
    }

    private static void Extract(PeerKey key, byte[] shared, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> reply, Span<byte> prk)
    {
        Span<byte> salt = stackalloc byte[2 * HandshakeLayout.NonceSize];
        hello.Slice(HandshakeLayout.HelloNonce, HandshakeLayout.NonceSize).CopyTo(salt);
        reply.Slice(HandshakeLayout.ReplyNonce, HandshakeLayout.NonceSize).CopyTo(salt[HandshakeLayout.NonceSize..]);
        Span<byte> input = stackalloc byte[2 * SecretSize];
        key.Secret.CopyTo(input);
        shared.CopyTo(input[SecretSize..]);
        HKDF.Extract(HashAlgorithmName.SHA256, input, salt, prk);
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(shared);
    }

    private static byte[] Info(in HandshakeContext context, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> reply)
    {
        // The first byte after the label is the direction.
        Span<byte> numbers = stackalloc byte[12];
        numbers[0] = 0;
        numbers[1] = hello[HandshakeLayout.Suites];
        numbers[2] = (byte)context.Suite;
        numbers[3] = context.Epoch;
        BinaryPrimitives.WriteUInt32BigEndian(numbers[4..], context.TunnelId);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[8..], context.TunnelId / EndpointSettings.MaxTunnels);
        return
        [
            .. Label,
            .. numbers,
            .. hello.Slice(HandshakeLayout.HelloPoint, HandshakeLayout.PointSize),
            .. reply.Slice(HandshakeLayout.ReplyPoint, HandshakeLayout.PointSize),
            .. Encoding.UTF8.GetBytes(context.Key.ResponderId),
        ];
    }

    private static void Expand(ReadOnlySpan<byte> prk, byte[] info, char direction, Span<byte> key)
    {
        info[Label.Length] = (byte)direction;
        HKDF.Expand(HashAlgorithmName.SHA256, prk, key, info);
    }
}
