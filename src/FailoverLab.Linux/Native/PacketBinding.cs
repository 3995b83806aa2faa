using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>What every AF_PACKET socket needs: opening without traffic, asking about its interface, binding.</summary>
internal static unsafe class PacketBinding
{
    internal const int RxRing = 5;
    internal const int Statistics = 6;
    internal const int CopyThreshold = 7;
    internal const int Version = 10;
    internal const int Reserve = 12;
    internal const int OffloadHeaders = 15;
    internal const int QdiscBypass = 20;
    internal const int IgnoreOutgoing = 23;
    private const int AddMembership = 1;
    private const int FamilyPacket = 17;
    private const short FlagUp = 1;
    private const int RawNonBlockingCloseOnExec = 0x80803;
    private const nuint GetFlags = 0x8913;
    private const nuint SetFlags = 0x8914;
    private const nuint GetMtu = 0x8921;
    private const nuint GetHardwareAddress = 0x8927;
    private const nuint GetIndex = 0x8933;

    /// <summary>Opens a socket that receives nothing before <see cref="Bind"/>, so that no other interface's traffic gets in.</summary>
    internal static Descriptor Open(string name) =>
        Descriptor.Own(Libc.socket(FamilyPacket, RawNonBlockingCloseOnExec, 0), "socket(AF_PACKET)", name);

    internal static void Bind(int fd, string name, ushort protocol)
    {
        // sockaddr_ll: family, protocol (big-endian), interface index, then what binding does not use.
        Span<byte> address = stackalloc byte[20];
        address.Clear();
        BitConverter.TryWriteBytes(address, (ushort)FamilyPacket);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], protocol);
        BitConverter.TryWriteBytes(address[4..], Ask(fd, GetIndex, "SIOCGIFINDEX", name).Number);
        fixed (byte* bytes = address)
        {
            if (Libc.bind(fd, bytes, (uint)address.Length) != 0)
            {
                throw new LinuxException("bind(AF_PACKET)", name, Marshal.GetLastPInvokeError());
            }
        }
    }

    internal static void SetPromiscuous(int fd, string name)
    {
        // packet_mreq: index, type 1 = promiscuous, address length and address unused. The kernel takes it back when the socket closes.
        Span<byte> request = stackalloc byte[16];
        request.Clear();
        BitConverter.TryWriteBytes(request, Ask(fd, GetIndex, "SIOCGIFINDEX", name).Number);
        BitConverter.TryWriteBytes(request[4..], (ushort)1);
        fixed (byte* bytes = request)
        {
            if (Libc.setsockopt(fd, SocketOption.LevelPacket, AddMembership, bytes, (uint)request.Length) != 0)
            {
                throw new LinuxException("setsockopt(PACKET_MR_PROMISC)", name, Marshal.GetLastPInvokeError());
            }
        }
    }

    internal static int ReadMtu(int fd, string name) => Ask(fd, GetMtu, "SIOCGIFMTU", name).Number;

    internal static ushort ReadHardwareType(int fd, string name) => Ask(fd, GetHardwareAddress, "SIOCGIFHWADDR", name).HardwareType;

    /// <summary>Whether the socket's network namespace still has an interface of that name.</summary>
    internal static bool Exists(int fd, string name)
    {
        var request = InterfaceRequest.For(name);
        return Libc.ioctl(fd, GetIndex, &request) == 0;
    }

    /// <summary>Whether the interface of that name in the socket's network namespace is up.</summary>
    /// <returns>Whether there is one.</returns>
    internal static bool IsUp(int fd, string name, out bool isUp)
    {
        var request = InterfaceRequest.For(name);
        var exists = Libc.ioctl(fd, GetFlags, &request) == 0;
        isUp = exists && (request.Flags & FlagUp) != 0;
        return exists;
    }

    /// <summary>Takes the interface of that name in the socket's network namespace, not the calling thread's, up or down.</summary>
    internal static void SetUp(int fd, string name, bool isUp)
    {
        var request = Ask(fd, GetFlags, "SIOCGIFFLAGS", name);
        request.Flags = (short)(isUp ? request.Flags | FlagUp : request.Flags & ~FlagUp);
        if (Libc.ioctl(fd, SetFlags, &request) != 0)
        {
            throw new LinuxException("ioctl(SIOCSIFFLAGS)", name, Marshal.GetLastPInvokeError());
        }
    }

    private static InterfaceRequest Ask(int fd, nuint request, string requestName, string name)
    {
        var argument = InterfaceRequest.For(name);
        return Libc.ioctl(fd, request, &argument) == 0
            ? argument
            : throw new LinuxException($"ioctl({requestName})", name, Marshal.GetLastPInvokeError());
    }
}
