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
    private long _next;

    /// <summary>Makes a pool.</summary>
    /// <param name="network">Address that n is added to.</param>
    /// <param name="start">Smallest n.</param>
    /// <param name="end">Largest n.</param>
    public AddressPool(IPAddress network, long start, long end)
    {
        Span<byte> bytes = stackalloc byte[16];
        network.TryWriteBytes(bytes, out var count);
        _isIPv6 = count == 16;
        _base = _isIPv6 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        _next = start;
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

        while (_next <= _end)
        {
            var address = Text(_base + (UInt128)_next++);
            if (_taken.Add(address))
            {
                _addresses.Add(owner, address);
                return address;
            }
        }

        return null;
    }

    private string Text(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(_isIPv6 ? bytes : bytes[12..]).ToString();
    }
}
