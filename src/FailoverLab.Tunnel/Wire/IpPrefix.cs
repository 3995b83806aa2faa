using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FailoverLab.Tunnel;

/// <summary>An IPv4 or IPv6 prefix. Host bits below the length are zero.</summary>
/// <param name="IsIPv6">Which family.</param>
/// <param name="Address">IPv6: all 128 bits; IPv4: the 32 bits in the low end.</param>
/// <param name="Length">0..32 or 0..128.</param>
public readonly record struct IpPrefix(bool IsIPv6, UInt128 Address, int Length)
{
    /// <summary>Reads <c>192.0.2.0/24</c>, <c>2001:db8::/32</c> or a lone address, which is a prefix of full length. Host bits are cleared.</summary>
    /// <returns>Whether <paramref name="text"/> is a prefix.</returns>
    public static bool TryParse(string? text, out IpPrefix prefix)
    {
        prefix = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (text is null || !IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var bits = isIPv6 ? 128 : 32;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            return false;
        }

        prefix = new IpPrefix(isIPv6, ToNumber(address) & Mask(bits, length), length);
        return true;
    }

    /// <summary>The address as a number; IPv4 in the low 32 bits.</summary>
    public static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var count);
        return count == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Whether an address of the same family lies in the prefix.</summary>
    /// <param name="address">As <see cref="ToNumber"/> gives it.</param>
    public bool Contains(UInt128 address) => (address & Mask(IsIPv6 ? 128 : 32, Length)) == Address;

    /// <summary>The form <see cref="TryParse"/> reads.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(IsIPv6 ? bytes : bytes[12..])}/{Length}");
    }

    internal static UInt128 Mask(int bits, int length)
    {
        var all = bits == 128 ? UInt128.MaxValue : uint.MaxValue;
        return length == 0 ? 0 : all & (UInt128.MaxValue << (bits - length));
    }
}
