namespace FailoverLab.Scenarios;

/// <summary>A Proxmox VE host or cluster, reached by its API. Either <see cref="Fingerprint"/> or <see cref="CaFile"/> may be there; with neither the system's authorities decide.</summary>
public sealed record PvePlan
{
    /// <summary>Name links use.</summary>
    public required string Name { get; init; }

    /// <summary>Where the API is (<c>https://192.0.2.2:8006</c>): https, no path, no user.</summary>
    public required string Url { get; init; }

    /// <summary>Node the virtual machines run on; absent when the client finds it.</summary>
    public string? Node { get; init; }

    /// <summary>SHA-256 of the server's certificate, 32 bytes in hexadecimal, parted by colons, upper case.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Certificate authority to trust, an absolute path of a PEM file.</summary>
    public string? CaFile { get; init; }

    /// <summary>Where the API token is kept: <c>USER@REALM!NAME=SECRET</c>.</summary>
    public SecretReference? Token { get; init; }

    /// <summary>User with realm for a ticket (<c>root@pam</c>); present with <see cref="Password"/> and absent with <see cref="Token"/>.</summary>
    public string? User { get; init; }

    /// <summary>Where that user's password is kept.</summary>
    public SecretReference? Password { get; init; }
}
