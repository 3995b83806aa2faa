namespace FailoverLab.Proxmox;

/// <summary>A file that holds a fingerprint: one line of it, and lines for people that begin with <c>#</c>.</summary>
public static class PveTrustFile
{
    private const int MaxBytes = 4096;

    /// <summary>Reads a fingerprint, or the file that holds one.</summary>
    /// <param name="text">64 hexadecimal digits in a usual form, or a file's name.</param>
    /// <returns><see langword="null"/> where it is neither.</returns>
    public static PveFingerprint? Read(string text)
    {
        if (PveFingerprint.Parse(text) is { } written)
        {
            return written;
        }

        try
        {
            return new FileInfo(text) is { Exists: true, Length: <= MaxBytes }
                ? File.ReadLines(text).Where(l => !l.StartsWith('#') && l.Trim().Length > 0).Select(PveFingerprint.Parse).FirstOrDefault()
                : null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>What such a file holds.</summary>
    /// <param name="url">The host.</param>
    /// <param name="certificate">What it showed.</param>
    public static string Text(Uri url, PveCertificate certificate) => $"""
        # {url.GetLeftPart(UriPartial.Authority)}
        # {certificate.Subject}
        # valid {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}
        {certificate.Fingerprint}

        """;
}
