using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace FailoverLab.Scenarios;

/// <summary>An address with its prefix length (<c>192.0.2.2/28</c>).</summary>
internal readonly record struct InterfaceAddress(IPAddress Address, int PrefixLength)
{
    private static readonly IPNetwork[] Documentation =
    [
        IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("2001:db8::/32"),
    ];

    public const string Ranges = "192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32";

    public static bool TryParse(string text, [NotNullWhen(true)] out InterfaceAddress? value)
    {
        value = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryParseAddress(text[..slash], out var address)
            || !int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length)
            || length < 1 || length > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
        {
            return false;
        }
        value = new InterfaceAddress(address, length);
        return true;
    }

    /// <summary>Full notation only: the short IPv4 forms (<c>10.1</c>) and IPv6 zones are refused.</summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        var isPlain = text.Contains(':', StringComparison.Ordinal) ? text.IndexOfAny(['%', '[', ']', '/']) < 0 : text.Count(c => c == '.') == 3;
        return isPlain && IPAddress.TryParse(text, out address);
    }

    /// <summary>Whether an address lies in the ranges set aside for documentation (RFC 5737, RFC 3849).</summary>
    public static bool IsDocumentation(IPAddress address) => Documentation.Any(n => n.Contains(address));

    /// <summary>Whether <paramref name="other"/> is a neighbour on this interface's network.</summary>
    public bool Reaches(IPAddress other) => other.AddressFamily == Address.AddressFamily && Network(Address).Equals(Network(other));

    private IPNetwork Network(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }
        return new IPNetwork(new IPAddress(bytes), PrefixLength);
    }
}
