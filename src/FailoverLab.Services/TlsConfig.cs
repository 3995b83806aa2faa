namespace FailoverLab.Services;

/// <summary>Files of a service's certificate, PEM.</summary>
/// <param name="CertificatePath">The certificate, followed by those of its issuers.</param>
/// <param name="KeyPath">Its private key, not encrypted.</param>
public sealed record TlsConfig(string CertificatePath, string KeyPath);
