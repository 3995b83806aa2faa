using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FailoverLab.Proxmox;

/// <summary>SHA-256 of a certificate, as PVE's web page shows it under a node's certificates.</summary>
public sealed record PveFingerprint
{
    private const int Bytes = 32;

    private PveFingerprint(string hex) => Hex = hex;

    /// <summary>64 capital hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Reads a fingerprint: 64 hexadecimal digits, with or without colons, with or without <c>sha256:</c> before them.</summary>
    /// <param name="text">As written.</param>
    /// <returns>The fingerprint, or <see langword="null"/> where the text is none.</returns>
    public static PveFingerprint? Parse(string text)
    {
        var digits = text.Trim();
        digits = digits.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? digits["sha256:".Length..].Trim() : digits;
        if (digits.Length == Bytes * 3 - 1 && Enumerable.Range(1, Bytes - 1).All(i => digits[i * 3 - 1] == ':'))
        {
            digits = string.Concat(Enumerable.Range(0, Bytes).Select(i => digits.Substring(i * 3, 2)));
        }

        return digits.Length == Bytes * 2 && digits.All(char.IsAsciiHexDigit) ? new PveFingerprint(digits.ToUpperInvariant()) : null;
    }

    /// <summary>The fingerprint of a certificate.</summary>
    public static PveFingerprint Of(X509Certificate2 certificate) => new(Convert.ToHexString(SHA256.HashData(certificate.RawDataMemory.Span)));

    /// <summary>Pairs of capital digits with colons between them, as PVE and OpenSSL print it.</summary>
    public override string ToString() => string.Join(':', Enumerable.Range(0, Bytes).Select(i => Hex.Substring(i * 2, 2)));
}
