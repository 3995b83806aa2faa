using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads the Proxmox VE endpoints of a hosts file.</summary>
internal sealed class PveReader(DiagnosticBag bag)
{
    private const int DefaultPort = 8006;
    private const string UrlWords = "the address of an API, as https://192.0.2.2:8006";
    private static readonly string[] Login = ["user", "password"];

    public IEnumerable<PvePlan> Read(ValueReader endpoints)
    {
        foreach (var (key, value) in endpoints.Entries())
        {
            if (!NameForm.IsNode(key.Text))
            {
                bag.Error(YamlCodes.Form, key.Position, $"'{key.Text.ReplaceLineEndings(" ")}' is not an endpoint name (1 to 32 of a-z 0-9 -)");
            }
            if (value.Mapping($"endpoint '{key.Text}'") is { } endpoint)
            {
                yield return Endpoint(key.Text, endpoint);
            }
        }
    }

    private PvePlan Endpoint(string name, MappingReader endpoint)
    {
        var url = endpoint.Require("url").Text(t => Normal(t) is not null, UrlWords);
        var plan = new PvePlan
        {
            Name = name,
            Url = url is null ? "" : Normal(url)!,
            Node = endpoint.Optional("node").Text(t => NameForm.IsHost(t) && t.Length <= 63 && t.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "a node name (1 to 63 of A-Z a-z 0-9 -)"),
            Fingerprint = endpoint.Optional("fingerprint").Text(IsFingerprint, "a SHA-256 fingerprint: 32 pairs of 0-9 A-F, parted by colons")?.ToUpperInvariant(),
            CaFile = SshReader.FileName(endpoint.Optional("ca")),
            Token = SshReader.Secret(endpoint.Optional("token")),
            User = endpoint.Optional("user").Text(IsUser, "a user with its realm, as root@pam"),
            Password = SshReader.Secret(endpoint.Optional("password")),
        };
        endpoint.Finish();
        CheckChoices(endpoint);
        return plan;
    }

    private void CheckChoices(MappingReader endpoint)
    {
        if (endpoint.Has("fingerprint") && endpoint.Has("ca"))
        {
            bag.Error(YamlCodes.Choice, endpoint.PositionOf("ca"), "'fingerprint' and 'ca' exclude each other", "keep one of them");
        }

        if (endpoint.Has("token") && (endpoint.Has("user") || endpoint.Has("password")))
        {
            bag.Error(YamlCodes.Choice, endpoint.PositionOf(endpoint.Has("user") ? "user" : "password"), "'token' excludes 'user' and 'password': the token names its user", "keep one of them");
        }
        else if (!endpoint.Has("token") && endpoint.IsComplete)
        {
            foreach (var key in Login.Where(k => !endpoint.Has(k)))
            {
                bag.Error(YamlCodes.MissingKey, endpoint.Position, $"{endpoint.What} lacks the key '{key}'", "an endpoint has a 'token', or 'user' and 'password'");
            }
        }
    }

    /// <summary>Scheme, host and port of an address that is nothing else; null when it is more or less than that.</summary>
    private static string? Normal(string text)
    {
        if (!text.StartsWith("https://", StringComparison.Ordinal) || text.Any(c => c is <= ' ' or >= '\u007F' or '\\' or '@' or '?' or '#' or '%')
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || !SshForm.IsAddress(uri.Host.Trim('[', ']')))
        {
            return null;
        }

        var hasPort = text.TrimEnd('/')["https://".Length..] is var authority && authority.LastIndexOf(':') > authority.LastIndexOf(']');
        return $"https://{uri.Host}:{(hasPort ? uri.Port : DefaultPort)}";
    }

    private static bool IsFingerprint(string text) => text.Split(':') is { Length: 32 } pairs && pairs.All(p => p.Length == 2 && p.All(char.IsAsciiHexDigit));

    private static bool IsUser(string text) => text.Split('@') is [var user, var realm] && SshForm.IsUser(user) && NameForm.IsHost(realm) && SshForm.IsUser(realm);
}
