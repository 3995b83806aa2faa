using System.Buffers.Binary;
using System.Net;

namespace FailoverLab.Control;

/// <summary>Gives each owner one address, base + n; whoever asks again gets what it had. Not thread-safe.</summary>
public sealed class AddressPool
{
    private readonly UInt128 _base;
    private readonly bool _isIPv6;
    private readonly long _end;
    private readonly Dictionary<string, string> _addresses = [];
    private readonly HashSet<string> _taken = [];
    private readonly SortedSet<long> _free = [];
    private readonly long _start;
    private long _next;

    /// <summary>Makes a pool.</summary>
    /// <param name="network">Address that n is added to.</param>
    /// <param name="start">Smallest n.</param>
    /// <param name="end">Largest n.</param>
    public AddressPool(IPAddress network, long start, long end)
    {
        _base = Number(network, out _isIPv6);
        _next = _start = start;
        _end = end;
    }

    /// <summary>Owner to address.</summary>
    public IReadOnlyDictionary<string, string> Allocations => _addresses;

    /// <summary>Gives an owner the address it had in an earlier run; one that lies outside the pool of today stays its own.</summary>
    public void Restore(string owner, string address)
    {
        if (_taken.Add(address))
        {
            _addresses[owner] = address;
        }
    }

    /// <summary>The owner's address; <see langword="null"/> when the pool is empty.</summary>
    public string? Allocate(string owner)
    {
        if (_addresses.TryGetValue(owner, out var known))
        {
            return known;
        }

        while (_free.Count > 0 || _next <= _end)
        {
            var address = Text(_base + (UInt128)Next());
            if (_taken.Add(address))
            {
                _addresses.Add(owner, address);
                return address;
            }
        }

        return null;
    }

    /// <summary>Takes an address back; the next who asks may get it.</summary>
    public void Release(string owner)
    {
        if (!_addresses.Remove(owner, out var address))
        {
            return;
        }

        _taken.Remove(address);
        var n = Number(IPAddress.Parse(address), out var isIPv6) - _base;
        if (isIPv6 == _isIPv6 && n >= (UInt128)_start && n < (UInt128)_next)
        {
            _free.Add((long)n);
        }
    }

    private static UInt128 Number(IPAddress address, out bool isIPv6)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var count);
        isIPv6 = count == 16;
        return isIPv6 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>The least number not given out: one that was given back, else the next.</summary>
    private long Next()
    {
        if (_free.Count == 0)
        {
            return _next++;
        }

        var least = _free.Min;
        _free.Remove(least);
        return least;
    }

    private string Text(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(_isIPv6 ? bytes : bytes[12..]).ToString();
    }
}
