namespace FailoverLab.Packets;

/// <summary>Where a capture is: what its name leads to, and whether it can be read more than once.</summary>
public static class CaptureLocation
{
    // As many as the kernel follows.
    private const int MostLinks = 40;

    /// <summary>The file a name leads to, so that two names of one file can be told. A name that leads nowhere is given whole.</summary>
    /// <param name="path">The name, relative or not.</param>
    /// <returns>The absolute path without links on its way.</returns>
    public static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        for (var followed = 0; followed < MostLinks && FollowFirst(full) is { } next; followed++) full = next;
        return full;
    }

    /// <summary>Whether reading it again gives the same: a regular file with something in it. A pipe (<c>&lt;(zcat a.gz)</c>) gives its packets once.</summary>
    /// <param name="path">The name.</param>
    public static bool CanBeReadAgain(string path) => new FileInfo(Resolve(path)) is { Exists: true, Length: > 0 };

    private static string? FollowFirst(string full)
    {
        for (var end = full.IndexOf('/', 1); ; end = full.IndexOf('/', end + 1))
        {
            var part = end < 0 ? full : full[..end];
            if (TargetOf(part) is { } target) return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(part) ?? "/", target) + (end < 0 ? "" : full[end..]));
            if (end < 0) return null;
        }
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null; // Who may not look there cannot read the file either, and is told so then.
        }
    }
}
