using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FailoverLab.Dataplane;

/// <summary>An IPv4 or IPv6 address and UDP port as a value: no allocation per packet, equality by content.</summary>
/// <param name="High">First eight address bytes, big-endian; 0 for IPv4.</param>
/// <param name="Low">Last eight address bytes, big-endian; IPv4 as <c>::ffff:a.b.c.d</c>.</param>
/// <param name="Port">UDP port, 0..65535.</param>
public readonly record struct DatagramAddress(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>Whether the address is IPv4.</summary>
    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>The IPv4 address in host order. Valid only when <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)Low;

    /// <summary>Makes the value of an <see cref="IPEndPoint"/>.</summary>
    public static DatagramAddress From(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (endPoint.AddressFamily == AddressFamily.InterNetwork)
        {
            endPoint.Address.TryWriteBytes(bytes, out _);
            return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)endPoint.Port);
        }

        endPoint.Address.TryWriteBytes(bytes, out _);
        return new DatagramAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), (ushort)endPoint.Port);
    }

    /// <summary>Makes an IPv4 value.</summary>
    /// <param name="address">Address in host order.</param>
    /// <param name="port">UDP port.</param>
    public static DatagramAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, port);

    /// <summary>The framework's form; allocates, so not for packet loops.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, IPv4);
            return new IPEndPoint(new IPAddress(bytes[..4]), Port);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPEndPoint(new IPAddress(bytes), Port);
    }

    /// <inheritdoc/>
    public override string ToString() => ToEndPoint().ToString();
}
