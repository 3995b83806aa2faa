using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FailoverLab.Primitives;
using FailoverLab.Tunnel;
using FailoverLab.Yaml;

namespace FailoverLab.Stack;

/// <summary>The kinds of values that the stack's config files hold and other files do not.</summary>
internal static class StackValues
{
    /// <summary>Seconds as the original writes them (<c>10</c>, <c>0.3</c>), or a duration with its unit (<c>10ms</c>).</summary>
    public static TimeSpan? Seconds(ValueReader value, TimeSpan min, TimeSpan max)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e9)
        {
            text = seconds.ToString(CultureInfo.InvariantCulture) + "s";
        }

        if (DurationText.TryParse(text, out var duration) && duration >= min && duration <= max)
        {
            return duration;
        }

        value.Error(StackCodes.Seconds, $"{value.What} '{text}' is not a time from {DurationText.Format(min)} to {DurationText.Format(max)}", "write seconds (0.01) or a duration (10ms)");
        return null;
    }

    /// <summary>An interface's address, with or without prefix length.</summary>
    public static InterfaceAddress? Address(ValueReader value, AddressFamily family, int defaultLength)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }

        var parts = text.Split('/');
        var bits = family == AddressFamily.InterNetwork ? 32 : 128;
        var length = defaultLength;
        if (parts.Length <= 2
            && IPAddress.TryParse(parts[0], out var address)
            && address.AddressFamily == family
            && (parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= bits)))
        {
            return new InterfaceAddress(address, length);
        }

        value.Error(StackCodes.Address, $"{value.What} '{text}' is not an {(bits == 32 ? "IPv4" : "IPv6")} address with an optional prefix length of at most {bits}");
        return null;
    }

    /// <summary>A list of prefixes; empty when absent.</summary>
    public static List<IpPrefix> Prefixes(ValueReader list)
    {
        var prefixes = new List<IpPrefix>();
        foreach (var item in list.Items())
        {
            if (item.Text() is not { } text)
            {
                continue;
            }

            if (IpPrefix.TryParse(text, out var prefix))
            {
                prefixes.Add(prefix);
            }
            else
            {
                item.Error(StackCodes.Prefix, $"'{text}' is not a prefix such as 192.0.2.0/24 or 2001:db8::/32");
            }
        }

        return prefixes;
    }

    /// <summary>An http address.</summary>
    public static Uri? Url(ValueReader value)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        value.Error(StackCodes.Url, $"{value.What} '{text}' is not an http or https address");
        return null;
    }

    /// <summary>The tunnel section's keys that both programs share.</summary>
    public static (string? Psk, string? Name, List<InterfaceAddress> Addresses) Tun(MappingReader tunnel)
    {
        var psk = SecretReader.Read(tunnel.Require("psk"));
        var name = tunnel.Require("interface_name").Text(t => t.Length is >= 1 and <= 15 && !t.Contains('/') && !t.Contains(' '), "an interface name of 1 to 15 characters");
        var addresses = new List<InterfaceAddress>();
        if (Address(tunnel.Require("tun_ipv4"), AddressFamily.InterNetwork, 24) is { } ipv4)
        {
            addresses.Add(ipv4);
        }

        if (Address(tunnel.Require("tun_ipv6"), AddressFamily.InterNetworkV6, 64) is { } ipv6)
        {
            addresses.Add(ipv6);
        }

        return (psk, name, addresses);
    }

    /// <summary>The <c>load_balancer</c> section.</summary>
    public static BalancerClientConfig? Balancer(MappingReader root, Func<MappingReader, TimeSpan?> interval)
    {
        if (root.Optional("load_balancer").Mapping("the load_balancer section") is not { } section)
        {
            return null;
        }

        var url = Url(section.Require("url"));
        var every = interval(section) ?? TimeSpan.FromSeconds(10);
        var token = section.Optional("token");
        var secret = SecretReader.Read(token);
        var ca = CaFile(section.Optional("ca"));
        section.Finish();
        if (secret is not null && url is { Scheme: "http", IsLoopback: false })
        {
            token.Warning(StackCodes.ClearText, "the token travels in clear text: anyone on the way can read and use it", "use https");
        }

        return url is null ? null : new BalancerClientConfig(url, every) { Token = secret, CaPath = ca };
    }

    private static string? CaFile(ValueReader value)
    {
        if (value.Text() is not { } path)
        {
            return null;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            if (authorities.Count > 0)
            {
                return path;
            }

            value.Error(StackCodes.Ca, $"{value.What} '{path}' holds no certificate in PEM");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            value.Error(StackCodes.Ca, $"{value.What} '{path}' cannot be read: {e.Message}");
        }

        return null;
    }
}
