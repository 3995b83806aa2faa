namespace FailoverLab.Proxmox;

/// <summary>
/// One PVE host or cluster as a hosts file names it. Exactly one of <see cref="Fingerprint"/> and <see cref="CaFile"/>, or neither where the
/// system's own authorities signed the certificate; a token, or a user with a password.
/// </summary>
/// <param name="Name">Name in the hosts file; the host's own name where it was given as an address.</param>
/// <param name="Url">Where its API is: <c>https://host:8006</c>, without a path.</param>
public sealed record PveEndpoint(string Name, Uri Url)
{
    /// <summary>The port of PVE's API, where an address names none.</summary>
    public const int DefaultPort = 8006;

    /// <summary>SHA-256 of the certificate that is trusted; <see langword="null"/> to trust by authority.</summary>
    public PveFingerprint? Fingerprint { get; init; }

    /// <summary>PEM file of the authority that signed the certificate; <see langword="null"/> for the system's own.</summary>
    public string? CaFile { get; init; }

    /// <summary><c>user@realm</c> of a login by password; <see langword="null"/> with a token.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public PveSecret? Password { get; init; }

    /// <summary><c>user@realm!name</c> of an API token; <see langword="null"/> with a password, or where the secret names it.</summary>
    public string? Token { get; init; }

    /// <summary>The token's secret, a UUID; or <c>user@realm!name=secret</c>, then <see cref="Token"/> may be absent.</summary>
    public PveSecret? TokenSecret { get; init; }

    /// <summary>The cluster node that carries the machines; <see langword="null"/> where the cluster has only one.</summary>
    public string? Node { get; init; }

    /// <summary>Longest wait for a connection, its handshake included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time of one call, repeats included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads an address: <c>https://host[:port]</c> or <c>host[:port]</c>, port 8006 where none is named.</summary>
    /// <param name="text">As written.</param>
    /// <returns>The address, or <see langword="null"/> where the text is none: other schemes, a user, a path or a query are refused.</returns>
    public static Uri? ParseUrl(string text)
    {
        const string scheme = "https://";
        var host = text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..].TrimEnd('/') : text;
        if (host.Length == 0 || host.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || "/\\@?#%".Contains(c, StringComparison.Ordinal))
            || !Uri.TryCreate(scheme + host, UriKind.Absolute, out var url) || url.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic)
        {
            return null;
        }

        // Port 443 is meant only where it is written: Uri forgets the difference.
        var hasPort = host.LastIndexOf(':') is var colon && colon > host.LastIndexOf(']') && colon >= 0;
        return hasPort ? url : new UriBuilder(url) { Port = DefaultPort }.Uri;
    }

    /// <summary>What is wrong with it, every fault at once.</summary>
    /// <returns>One fault a key; empty when it can be used.</returns>
    public IReadOnlyList<PveEndpointFault> Faults() => [.. PveEndpointRules.FaultsOf(this)];
}
