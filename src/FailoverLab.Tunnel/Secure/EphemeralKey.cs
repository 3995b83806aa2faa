using System.Security.Cryptography;

namespace FailoverLab.Tunnel;

/// <summary>A key pair on P-256 that serves one handshake. The framework has no X25519; P-256 is as strong and in every OpenSSL.</summary>
internal sealed class EphemeralKey : IDisposable
{
    private const int Half = HandshakeLayout.PointSize / 2;

    private readonly ECDiffieHellman _pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _point = new byte[HandshakeLayout.PointSize];

    public EphemeralKey()
    {
        var q = _pair.ExportParameters(includePrivateParameters: false).Q;
        q.X!.CopyTo(_point, 0);
        q.Y!.CopyTo(_point, Half);
    }

    /// <summary>Public point: X, then Y, 32 bytes each, big-endian.</summary>
    public ReadOnlySpan<byte> Point => _point;

    /// <summary>The shared x-coordinate.</summary>
    /// <param name="peerPoint">The peer's public point.</param>
    /// <returns>32 bytes for the caller to zero; <see langword="null"/> when the point is not on the curve.</returns>
    public byte[]? Agree(ReadOnlySpan<byte> peerPoint)
    {
        try
        {
            using var peer = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = peerPoint[..Half].ToArray(), Y = peerPoint[Half..].ToArray() },
            });
            using var key = peer.PublicKey;
            return _pair.DeriveRawSecretAgreement(key);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => _pair.Dispose();
}
