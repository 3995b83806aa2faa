using System.Text.RegularExpressions;

namespace FailoverLab.Proxmox;

/// <summary>What an endpoint must be to be used.</summary>
internal static partial class PveEndpointRules
{
    public static IEnumerable<PveEndpointFault> FaultsOf(PveEndpoint endpoint)
    {
        if (endpoint.Url.Scheme != Uri.UriSchemeHttps)
        {
            yield return new("url", $"'{endpoint.Url.Scheme}' is not https", "write https://HOST:8006");
        }

        if (endpoint is { Fingerprint: not null, CaFile: not null })
        {
            yield return new("ca", "both a fingerprint and an authority are given", "keep one of them; the fingerprint is the stricter");
        }

        if (endpoint.Node is { } node && !NodeName().IsMatch(node))
        {
            yield return new("node", $"'{Shown(node)}' is no node name", "letters, digits and dashes, at most 63");
        }

        foreach (var fault in CredentialFaults(endpoint))
        {
            yield return fault;
        }
    }

    /// <summary>The value of the header that proves a token.</summary>
    /// <param name="token">Its name; <see langword="null"/> where the secret names it.</param>
    /// <param name="secret">The UUID, or the whole.</param>
    /// <returns><see langword="null"/> where the secret has neither form, or names another token.</returns>
    public static string? Header(string? token, string secret)
    {
        var (named, uuid) = secret.LastIndexOf('=') is var cut and >= 0 ? (secret[..cut], secret[(cut + 1)..]) : (token, secret);
        return named is not null && TokenId().IsMatch(named) && (token is null || token == named) && Uuid().IsMatch(uuid) ? $"PVEAPIToken={named}={uuid}" : null;
    }

    private static IEnumerable<PveEndpointFault> CredentialFaults(PveEndpoint endpoint)
    {
        var hasToken = endpoint.Token is not null || endpoint.TokenSecret is not null;
        if (hasToken == (endpoint.User is not null))
        {
            yield return new("token", hasToken ? "both a token and a user are given" : "neither a token nor a user is given", "a token that may do only what is needed is the safest, see docs/PROXMOX.md");
        }

        if (endpoint.Token is { } token && !TokenId().IsMatch(token))
        {
            yield return new("token", $"'{Shown(token)}' is no token", "write USER@REALM!NAME, such as lab@pve!failover; the secret stands apart");
        }

        if (endpoint is { Token: not null, TokenSecret: null })
        {
            yield return new("secret", "the token has no secret", "secret: env:NAME or file:PATH");
        }

        if (endpoint.User is { } user && !UserId().IsMatch(user))
        {
            yield return new("user", $"'{Shown(user)}' is no user", "write USER@REALM, such as root@pam");
        }

        if (endpoint is { User: not null, Password: null })
        {
            yield return new("password", "the user has no password", "password: env:NAME or file:PATH");
        }
    }

    /// <summary>A token written with its secret behind '=' is shown without it.</summary>
    private static string Shown(string text) => PveText.Clean(text.Split('=')[0], 80);

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"\A[^\s:/!@=]{1,60}@[A-Za-z][A-Za-z0-9._-]{1,31}\z")]
    private static partial Regex UserId();

    [GeneratedRegex(@"\A[^\s:/!@=]{1,60}@[A-Za-z][A-Za-z0-9._-]{1,31}![A-Za-z][A-Za-z0-9._-]{1,63}\z")]
    private static partial Regex TokenId();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid();
}
