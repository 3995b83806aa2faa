using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace FailoverLab.Control;

/// <summary>
/// Gives each owner one subnet of a network: the first free one; whoever asks again gets what it had. A /16 holds 256 /24s.
/// Not thread-safe.
/// </summary>
public sealed class SubnetPool
{
    private const int MaxLeases = 65536;

    private readonly UInt128 _base;
    private readonly int _bits;
    private readonly int _length;
    private readonly int _count;
    private readonly Dictionary<string, SubnetLease> _leases = [];
    private readonly HashSet<int> _taken = [];

    private SubnetPool(UInt128 network, int bits, int prefixLength, int length)
    {
        _base = network;
        _bits = bits;
        _length = length;
        _count = length - prefixLength >= 16 ? MaxLeases : 1 << (length - prefixLength);
    }

    /// <summary>Subnets given out.</summary>
    public IReadOnlyCollection<SubnetLease> Leases => _leases.Values;

    /// <summary>Makes a pool.</summary>
    /// <param name="network">The network, as <c>10.100.0.0/16</c>.</param>
    /// <param name="length">Prefix length of one subnet; not shorter than the network's.</param>
    /// <exception cref="FormatException">The network is not one.</exception>
    public static SubnetPool Of(string network, int length)
    {
        var parsed = IPNetwork.Parse(network);
        Span<byte> bytes = stackalloc byte[16];
        parsed.BaseAddress.TryWriteBytes(bytes, out var count);
        var value = count == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return new SubnetPool(value, count * 8, parsed.PrefixLength, length);
    }

    /// <summary>The owner's subnet; <see langword="null"/> when none is free.</summary>
    public SubnetLease? Allocate(string owner)
    {
        if (_leases.TryGetValue(owner, out var lease))
        {
            return lease;
        }

        for (var i = 0; i < _count; i++)
        {
            if (_taken.Add(i))
            {
                var network = _base + ((UInt128)i << (_bits - _length));
                lease = new SubnetLease(owner, string.Create(CultureInfo.InvariantCulture, $"{Text(network)}/{_length}"), Text(network + 1));
                _leases.Add(owner, lease);
                return lease;
            }
        }

        return null;
    }

    private string Text(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(_bits == 32 ? bytes[12..] : bytes).ToString();
    }
}
