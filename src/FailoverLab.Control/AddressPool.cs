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

    /// <summary>The owner's address; <see langword="null"/> when the pool is empty.</summary>
    public string? Allocate(string owner)
    {
        if (_addresses.TryGetValue(owner, out var known))
        {
            return known;
        }

        if (_next > _end)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _base + (UInt128)_next++);
        var address = new IPAddress(_isIPv6 ? bytes : bytes[12..]).ToString();
        _addresses.Add(owner, address);
        return address;
    }
}
