using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.Tunnel.Tests;

/// <summary>
/// A peer written from docs/TUNNEL.md section 9 alone, with nothing but the framework's cryptography: it asks a real responder for keys
/// and exchanges datagrams with it.
/// </summary>
public sealed class ForeignPeerTests
{
    private const uint TunnelId = 703;

    private static byte[] Hello(byte[] secret, byte[] nonce, byte[] point, byte[] cookie, long timestamp)
    {
        var hello = new byte[128];
        (hello[0], hello[1], hello[2], hello[3]) = (2, 12, 1, 40);
        BinaryPrimitives.WriteUInt32BigEndian(hello.AsSpan(4), TunnelId);
        BinaryPrimitives.WriteInt64BigEndian(hello.AsSpan(8), timestamp);
        nonce.CopyTo(hello, 16);
        point.CopyTo(hello, 32);
        cookie.CopyTo(hello, 96);
        HMACSHA256.HashData(HelloKey(secret), hello[..112]).AsSpan(0, 16).CopyTo(hello.AsSpan(112));
        return hello;
    }

    private static byte[] HelloKey(byte[] secret) =>
        HKDF.Expand(HashAlgorithmName.SHA256, secret, 32, Encoding.UTF8.GetBytes("FailoverLab tunnel 2 hello" + "r0"));

    [Test]
    public void Responder_PeerWrittenFromTheDocument_KeysAndDatagramsAgree()
    {
        using var world = new SecureWorld(1);
        var secret = HKDF.Extract(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes("a key of a test"), "FailoverLab tunnel 2"u8.ToArray());
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var q = pair.ExportParameters(false).Q;
        byte[] point = [.. q.X!, .. q.Y!];
        var nonce = RandomNumberGenerator.GetBytes(16);
        var answer = new byte[128];

        var first = Hello(secret, nonce, point, new byte[16], 1000);
        Assert.That(world.Responder.Answer(first, world.Address, world.Now, answer), Is.EqualTo(56));
        Assert.That(answer[1], Is.EqualTo(14));
        Assert.That(answer[8..24], Is.EqualTo(first[112..]), "echo");
        Assert.That(answer[40..56], Is.EqualTo(HMACSHA256.HashData(HelloKey(secret), answer[..40])[..16]));

        var second = Hello(secret, nonce, point, answer[24..40], 1001);
        Assert.That(world.Responder.Answer(second, world.Address, world.Now, answer), Is.EqualTo(120));
        var reply = answer[..120];
        Assert.That(reply[..4], Is.EqualTo(new byte[] { 2, 13, 1, 41 }));
        Assert.That(reply[104..], Is.EqualTo(HMACSHA256.HashData(HelloKey(secret), (byte[])[.. nonce, .. reply[..104]])[..16]));

        using var router = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = reply[24..56], Y = reply[56..88] } });
        using var routerKey = router.PublicKey;
        var prk = HKDF.Extract(HashAlgorithmName.SHA256, [.. secret, .. pair.DeriveRawSecretAgreement(routerKey)], [.. nonce, .. reply[8..24]]);
        Assert.That(reply[88..104], Is.EqualTo(HMACSHA256.HashData(Key('c'), reply[..88])[..16]), "confirmation");

        var datagram = new byte[32 + 5];
        (datagram[0], datagram[1], datagram[2], datagram[3]) = (2, 1, 0, 41);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(4), TunnelId);
        using (var outbound = new AesGcm(Key('i'), 16))
        {
            outbound.Encrypt(new byte[12], "hello"u8, datagram.AsSpan(32), datagram.AsSpan(16, 16), datagram.AsSpan(0, 16));
        }

        Assert.That(world.Answering!.TryAccept(datagram, world.Now, out var header));
        Assert.That((header.Type, Encoding.UTF8.GetString(datagram, 32, 5)), Is.EqualTo(((byte)1, "hello")));

        var back = world.Seal(world.Answering)!;
        using var inbound = new AesGcm(Key('r'), 16);
        var plain = new byte[back.Length - 32];
        inbound.Decrypt(new byte[12], back.AsSpan(32), back.AsSpan(16, 16), plain, back.AsSpan(0, 16));
        Assert.That(plain[..16], Is.All.Zero);

        byte[] Key(char direction) => HKDF.Expand(HashAlgorithmName.SHA256, prk, 32,
        [
            .. "FailoverLab tunnel 2 key"u8, (byte)direction, 1, 1, 41, 0, 0, 2, 191, 0, 0, 0, 7, .. point, .. reply[24..88], .. "r0"u8,
        ]);
    }
}
