using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FailoverLab.Proxmox;

/// <summary>
/// Decides whether a host is the one that is meant: by its certificate's fingerprint, by the authority that signed it, or as the system does. There
/// is no way to accept any.
/// </summary>
internal sealed class PveTrust
{
    private readonly PveEndpoint _endpoint;
    private readonly X509Certificate2Collection _authorities = [];
    private volatile string? _refusal;

    /// <exception cref="PveException">The authority's file cannot be read.</exception>
    public PveTrust(PveEndpoint endpoint)
    {
        _endpoint = endpoint;
        if (endpoint.CaFile is not { } file)
        {
            return;
        }

        try
        {
            _authorities.ImportFromPemFile(file);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new PveException(PveFault.Untrusted, $"{endpoint.Name}: the authority's file '{file}' cannot be read: {refusal.Message}");
        }

        if (_authorities.Count == 0)
        {
            throw new PveException(PveFault.Untrusted, $"{endpoint.Name}: the authority's file '{file}' holds no certificate in PEM form");
        }
    }

    /// <summary>Why the last host was refused, with both fingerprints.</summary>
    public string Refusal => _refusal ?? "the handshake failed";

    /// <summary>What to do about it.</summary>
    public string Hint => $"compare the fingerprint with the host's own (`pvenode cert info` there, or its web page); if it was changed on purpose, `failoverlab pve trust {_endpoint.Url.GetLeftPart(UriPartial.Authority)}`";

    /// <summary>The question the handshake asks.</summary>
    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return Refuse("the host showed no certificate");
        }

        var seen = PveFingerprint.Of(leaf);
        return _endpoint.Fingerprint is { } pinned ? pinned == seen || Refuse($"its certificate has the fingerprint {seen}, but {pinned} is pinned")
            : (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 ? Refuse($"its certificate is for another name ({PveText.Clean(leaf.Subject)}, fingerprint {seen})")
            : _endpoint.CaFile is not null ? IsSignedByOurs(leaf, chain, seen)
            : errors == SslPolicyErrors.None || Refuse($"no authority of this system signed its certificate (fingerprint {seen})");
    }

    private bool IsSignedByOurs(X509Certificate2 leaf, X509Chain? sent, PveFingerprint seen)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(e => e.Certificate).ToArray());
        }

        return chain.Build(leaf)
            || Refuse($"'{_endpoint.CaFile}' does not vouch for its certificate (fingerprint {seen}): {PveText.Clean(string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation)))}");
    }

    private bool Refuse(string why)
    {
        _refusal = why;
        return false;
    }
}
