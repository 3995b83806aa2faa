using System.Buffers.Binary;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// <c>sockaddr_in</c> and <c>sockaddr_in6</c> as bytes.
/// <code>
///  0       2       4               8                              24      28
/// +-------+-------+---------------+
/// |family |port BE| IPv4 address  |  (zero to 16)
/// +-------+-------+---------------+------------------------------+-------+
/// |family |port BE| flow info     | IPv6 address, 16 bytes       | scope |
/// +-------+-------+---------------+------------------------------+-------+
/// </code>
/// </summary>
internal static class SocketAddressBytes
{
    internal const int MaxSize = 28;
    internal const int FamilyIPv4 = 2;
    internal const int FamilyIPv6 = 10;
    private const int SizeIPv4 = 16;

    /// <summary>Writes the address in the family's form and returns its length.</summary>
    internal static int Write(Span<byte> bytes, in DatagramAddress address)
    {
        bytes[..MaxSize].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (address.IsIPv4)
        {
            BitConverter.TryWriteBytes(bytes, (ushort)FamilyIPv4);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], address.IPv4);
            return SizeIPv4;
        }

        BitConverter.TryWriteBytes(bytes, (ushort)FamilyIPv6);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], address.Low);
        return MaxSize;
    }

    internal static DatagramAddress Read(ReadOnlySpan<byte> bytes)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return BitConverter.ToUInt16(bytes) == FamilyIPv4
            ? DatagramAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new DatagramAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), port);
    }
}
