using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.Services;

/// <summary>One token as it is kept: its digest only, so that neither a log nor a dump of a record holds it.</summary>
public sealed class AccessToken
{
    /// <summary>Fewest characters of a token.</summary>
    public const int MinLength = 16;

    private readonly byte[] _digest;

    /// <summary>Keeps a token's digest.</summary>
    /// <param name="token">The token.</param>
    /// <param name="role">What its holder may do.</param>
    /// <param name="device">The device that holds it; only with <see cref="AccessRole.Device"/>.</param>
    public AccessToken(string token, AccessRole role, string? device = null)
    {
        _digest = Digest(token);
        Role = role;
        Device = device;
    }

    /// <summary>What its holder may do.</summary>
    public AccessRole Role { get; }

    /// <summary>The device that holds it.</summary>
    public string? Device { get; }

    /// <summary>Whether both are the same token.</summary>
    internal bool IsSameAs(AccessToken other) => Matches(other._digest);

    /// <summary>Whether a digest is this token's; takes as long either way.</summary>
    internal bool Matches(ReadOnlySpan<byte> digest) => CryptographicOperations.FixedTimeEquals(_digest, digest);

    /// <summary>SHA-256 of the token's UTF-8.</summary>
    internal static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
