namespace FailoverLab.Services;

/// <summary>Who may use a service.</summary>
/// <param name="IsOpen">Whether serving without tokens beyond loopback is wanted.</param>
/// <param name="Tokens">Tokens; with none, everyone may do everything.</param>
public sealed record AccessRules(bool IsOpen, IReadOnlyList<AccessToken> Tokens)
{
    private const string Scheme = "Bearer ";

    /// <summary>No tokens, and not open beyond loopback.</summary>
    public static AccessRules None { get; } = new(false, []);

    /// <summary>Whom an <c>Authorization</c> header shows; <see langword="null"/> when no token is known by it.</summary>
    internal AccessGrant? Recognise(string? authorization)
    {
        if (Tokens.Count == 0)
        {
            return AccessGrant.All;
        }

        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        // All are compared, so that the time says nothing about which one it was.
        var digest = AccessToken.Digest(authorization[Scheme.Length..].Trim());
        AccessToken? found = null;
        foreach (var token in Tokens)
        {
            found = token.Matches(digest) ? token : found;
        }

        return found is null ? null : new AccessGrant(found.Role, found.Device);
    }
}
