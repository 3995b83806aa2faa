using System.Globalization;

namespace FailoverLab.Proxmox;

/// <summary>Version of a host.</summary>
/// <param name="Version">The whole version: <c>9.1.3</c>.</param>
/// <param name="Release">The point release: <c>9.1</c>.</param>
public sealed record PveVersion(string Version, string Release)
{
    /// <summary>The oldest major version whose calls are the ones we make: <c>agent/exec</c> takes a list since 8.</summary>
    public const int Oldest = 8;

    /// <summary>The first number; 0 where the text has none.</summary>
    public int Major => int.TryParse(Version.Split('.', '-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
