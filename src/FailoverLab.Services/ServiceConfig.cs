using System.Net;

namespace FailoverLab.Services;

/// <summary>What both services' config files say of listening, access and memory.</summary>
/// <param name="EndPoint">Where to listen.</param>
/// <param name="StatePath">File in which state is kept over a restart; <see langword="null"/> keeps it in memory.</param>
/// <param name="Access">Who may do what.</param>
/// <param name="Tls">Certificate; <see langword="null"/> serves plain HTTP.</param>
public sealed record ServiceConfig(IPEndPoint EndPoint, string? StatePath, AccessRules Access, TlsConfig? Tls)
{
    /// <summary>Why it may not be started; <see langword="null"/> when it may.</summary>
    public string? Refusal => Access.Tokens.Count == 0 && !Access.IsOpen && !IPAddress.IsLoopback(EndPoint.Address)
        ? $"{EndPoint} can be reached from other machines and 'security' holds no token; add 'security.tokens', listen on 127.0.0.1, or say 'security.open: true'"
        : null;

    /// <summary>Plain HTTP without tokens and without state.</summary>
    public static ServiceConfig Plain(IPEndPoint endPoint) => new(endPoint, null, AccessRules.None, null);
}
