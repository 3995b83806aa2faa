using System.Runtime.InteropServices;
using System.Text;

namespace FailoverLab.Linux;

/// <summary>Socket option numbers (asm-generic) and the calls that set them.</summary>
internal static unsafe class SocketOption
{
    internal const int LevelSocket = 1;
    internal const int LevelUdp = 17;
    internal const int LevelIPv6 = 41;
    internal const int LevelPacket = 263;
    internal const int SendBuffer = 7;
    internal const int ReceiveBuffer = 8;
    internal const int BindToDevice = 25;
    internal const int AttachFilter = 26;
    internal const int IPv6Only = 26;
    internal const int SendBufferForce = 32;
    internal const int ReceiveBufferForce = 33;
    internal const int TimestampNs = 35;
    internal const int UdpSegment = 103;
    internal const int UdpCoalesce = 104;

    internal static bool TrySet(int fd, int level, int option, int value) =>
        Libc.setsockopt(fd, level, option, &value, sizeof(int)) == 0;

    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static void Set(int fd, int level, int option, int value, string subject)
    {
        if (!TrySet(fd, level, option, value))
        {
            throw new LinuxException("setsockopt", subject, Marshal.GetLastPInvokeError());
        }
    }

    /// <exception cref="LinuxException">No such interface, or not allowed.</exception>
    internal static void SetDevice(int fd, string device)
    {
        var name = Encoding.UTF8.GetBytes(device);
        fixed (byte* bytes = name)
        {
            if (Libc.setsockopt(fd, LevelSocket, BindToDevice, bytes, (uint)name.Length) != 0)
            {
                throw new LinuxException("setsockopt(SO_BINDTODEVICE)", device, Marshal.GetLastPInvokeError());
            }
        }
    }

    /// <summary>Keeps only the first bytes of each packet, by a filter of one instruction: <c>ret #length</c>.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static void SetSnapLength(int fd, int length, string subject)
    {
        const ulong Return = 0x06;
        var instruction = Return | ((ulong)length << 32);
        var program = stackalloc ulong[] { 1, (ulong)&instruction };
        if (Libc.setsockopt(fd, LevelSocket, AttachFilter, program, 2 * sizeof(ulong)) != 0)
        {
            throw new LinuxException("setsockopt(SO_ATTACH_FILTER)", subject, Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Asks for large buffers: beyond the system's limit where allowed, up to it elsewhere.</summary>
    internal static void SetBuffers(int fd, int bytes)
    {
        _ = TrySet(fd, LevelSocket, ReceiveBufferForce, bytes) || TrySet(fd, LevelSocket, ReceiveBuffer, bytes);
        _ = TrySet(fd, LevelSocket, SendBufferForce, bytes) || TrySet(fd, LevelSocket, SendBuffer, bytes);
    }
}
