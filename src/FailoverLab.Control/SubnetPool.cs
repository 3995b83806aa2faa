using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace FailoverLab.Control;

/// <summary>
/// Gives each owner one subnet of a network: that which it had before where it names it and it is free, else the first free one; whoever asks again gets what it has.
/// A /16 holds 256 /24s. A subnet whose owner was not heard for long is free again. Times are monotonic ns of any one clock. Not thread-safe.
/// </summary>
public sealed class SubnetPool
{
    private const int MaxLeases = 65536;

    private readonly UInt128 _base;
    private readonly int _bits;
    private readonly int _length;
    private readonly int _count;
    private readonly Dictionary<string, Held> _held = [];
    private readonly HashSet<int> _taken = [];

    private SubnetPool(UInt128 network, int bits, int prefixLength, int length)
    {
        _base = network;
        _bits = bits;
        _length = length;
        _count = length - prefixLength >= 16 ? MaxLeases : 1 << (length - prefixLength);
    }

    /// <summary>Subnets given out.</summary>
    public IReadOnlyCollection<SubnetLease> Leases => [.. _held.Values.Select(h => h.Lease)];

    /// <summary>Makes a pool.</summary>
    /// <param name="network">The network, as <c>10.100.0.0/16</c>.</param>
    /// <param name="length">Prefix length of one subnet; not shorter than the network's.</param>
    /// <exception cref="FormatException">The network is not one.</exception>
    public static SubnetPool Of(string network, int length)
    {
        var parsed = IPNetwork.Parse(network);
        return new SubnetPool(Number(parsed.BaseAddress, out var bits), bits, parsed.PrefixLength, length);
    }

    /// <summary>The owner's subnet; <see langword="null"/> when none is free.</summary>
    /// <param name="owner">Who asks; counts as heard.</param>
    /// <param name="nowNs">Now.</param>
    /// <param name="former">The subnet it says it had, as <c>10.100.7.0/24</c>; given where it is of this pool and free. <see langword="null"/> for none.</param>
    public SubnetLease? Allocate(string owner, long nowNs, string? former = null)
    {
        if (Hear(owner, nowNs))
        {
            return _held[owner].Lease;
        }

        var index = IndexOf(former) is { } wanted && _taken.Add(wanted) ? wanted : FirstFree();
        if (index < 0)
        {
            return null;
        }

        var network = _base + ((UInt128)index << (_bits - _length));
        var lease = new SubnetLease(owner, string.Create(CultureInfo.InvariantCulture, $"{Text(network)}/{_length}"), Text(network + 1));
        _held.Add(owner, new Held(lease, index, nowNs));
        return lease;
    }

    /// <summary>Notes that an owner lives.</summary>
    /// <returns>Whether it has a subnet.</returns>
    public bool Hear(string owner, long nowNs)
    {
        if (!_held.TryGetValue(owner, out var held))
        {
            return false;
        }

        _held[owner] = held with { HeardNs = nowNs };
        return true;
    }

    /// <summary>Takes the subnets back of those that were not heard since a time.</summary>
    /// <returns>What is free now.</returns>
    public IReadOnlyList<SubnetLease> Expire(long sinceNs)
    {
        var gone = _held.Values.Where(h => h.HeardNs < sinceNs).ToList();
        foreach (var held in gone)
        {
            _held.Remove(held.Lease.Owner);
            _taken.Remove(held.Index);
        }

        return [.. gone.Select(h => h.Lease)];
    }

    private static UInt128 Number(IPAddress address, out int bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var count);
        bits = count * 8;
        return count == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private int FirstFree()
    {
        for (var i = 0; i < _count; i++)
        {
            if (_taken.Add(i))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Which of this pool's subnets a text names; <see langword="null"/> when none.</summary>
    private int? IndexOf(string? subnet)
    {
        if (!IPNetwork.TryParse(subnet, out var network) || network.PrefixLength != _length)
        {
            return null;
        }

        var address = Number(network.BaseAddress, out var bits);
        if (bits != _bits || address < _base)
        {
            return null;
        }

        var index = (address - _base) >> (_bits - _length);
        return index < (UInt128)_count ? (int)index : null;
    }

    private string Text(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(_bits == 32 ? bytes[12..] : bytes).ToString();
    }

    private readonly record struct Held(SubnetLease Lease, int Index, long HeardNs);
}
