using System.Security.Cryptography;
using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>The framework's own HMAC-SHA256: works everywhere, and takes about half as long again as the crypto library called directly.</summary>
/// <param name="key">The key.</param>
public sealed class IncrementalMac(ReadOnlySpan<byte> key) : IDatagramMac
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> mac)
    {
        _hash.AppendData(first);
        _hash.AppendData(second);
        _hash.GetHashAndReset(mac);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
