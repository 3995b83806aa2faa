using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Services;

/// <summary>Reads who may use a service and with which certificate it answers.</summary>
internal static class SecurityReader
{
    private static readonly Dictionary<string, AccessRole> Roles = new(StringComparer.Ordinal)
    {
        ["admin"] = AccessRole.Admin,
        ["operator"] = AccessRole.Operator,
        ["reader"] = AccessRole.Reader,
        ["device"] = AccessRole.Device,
    };

    /// <summary>Reads <c>open</c> and <c>tokens</c> of the <c>security</c> section; the caller finishes it.</summary>
    public static AccessRules Access(MappingReader security)
    {
        var tokens = new List<AccessToken>();
        foreach (var item in security.Optional("tokens").Items())
        {
            if (Token(item) is not { } token)
            {
                continue;
            }

            if (tokens.Exists(token.IsSameAs))
            {
                item.Error(ServiceCodes.SameToken, "two entries have the same token: whose request it is could not be told");
            }

            tokens.Add(token);
        }

        return new AccessRules(security.Optional("open").Flag() ?? false, tokens);
    }

    /// <summary>Reads the <c>tls</c> section and tries its files.</summary>
    public static TlsConfig? Tls(MappingReader root)
    {
        if (root.Optional("tls").Mapping("the tls section") is not { } section)
        {
            return null;
        }

        var certificate = section.Require("certificate");
        var tls = (certificate.Text(), section.Require("key").Text());
        section.Finish();
        if (tls is not ({ } certificatePath, { } keyPath))
        {
            return null;
        }

        try
        {
            using var loaded = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            certificate.Error(ServiceCodes.Certificate, $"the certificate '{certificatePath}' with the key '{keyPath}' cannot be used: {e.Message}");
        }

        return new TlsConfig(certificatePath, keyPath);
    }

    /// <summary>Says what the file as a whole leaves open; the service itself refuses to start open to all.</summary>
    public static void Advise(MappingReader root, ServiceConfig config, DiagnosticBag bag)
    {
        if (config.Refusal is { } refusal)
        {
            bag.Warning(ServiceCodes.OpenToAll, root.Position, $"it will not start like this: {refusal}");
        }

        if (config is { Tls: null, Access.Tokens.Count: > 0 } && !IPAddress.IsLoopback(config.EndPoint.Address))
        {
            bag.Warning(ServiceCodes.ClearText, root.Position, "tokens travel in clear text: anyone on the way can read and use them", "add a 'tls' section");
        }
    }

    private static AccessToken? Token(ValueReader item)
    {
        if (item.Mapping("an entry of 'tokens'") is not { } entry)
        {
            return null;
        }

        var value = entry.Require("token");
        var token = IsReference(value) ? SecretReader.Read(value) : null;
        var role = entry.Require("role").OneOf(Roles);
        var device = entry.Optional("device").Text(ApiText.IsId, ApiText.IdForm);
        var names = entry.Has("device");
        entry.Finish();
        if (token is not null && (token.Length < AccessToken.MinLength || token.Any(c => c is <= ' ' or > '~')))
        {
            value.Error(ServiceCodes.Token, $"the token is not one word of at least {AccessToken.MinLength} visible ASCII characters", "openssl rand -hex 32");
            return null;
        }

        if (role is not null && (role == AccessRole.Device) != names)
        {
            item.Error(ServiceCodes.TokenDevice, role == AccessRole.Device ? "the role 'device' needs the key 'device': whose token it is" : "'device' belongs to the role 'device' alone");
            return null;
        }

        return token is null || role is null ? null : new AccessToken(token, role.Value, device);
    }

    /// <summary>A token in the file itself would be in every copy of the file.</summary>
    private static bool IsReference(ValueReader value)
    {
        if (value.Node is not YamlScalar { Text: var text } || text.StartsWith("env:", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.Ordinal))
        {
            return true;
        }

        value.Error(ServiceCodes.Token, "a token stands in the file by reference only", "write env:NAME or file:PATH");
        return false;
    }
}
