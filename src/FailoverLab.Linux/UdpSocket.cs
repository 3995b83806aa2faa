using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// A UDP socket without allocation per packet. It stays unconnected, so that an ICMP error answering one packet cannot eat the next.
/// It belongs to the network namespace of the thread that bound it and may then be used from any.
/// </summary>
public sealed unsafe class UdpSocket : IDatagramSocket, IPollable
{
    private const int Datagram = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private readonly Descriptor _handle;
    private readonly int _fd;

    private UdpSocket(Descriptor handle, IPEndPoint local)
    {
        _handle = handle;
        _fd = handle.Number;
        LocalEndPoint = local;
    }

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint { get; }

    /// <inheritdoc/>
    public int Descriptor => _fd;

    /// <summary>Opens and binds a socket.</summary>
    /// <param name="local">Address of this host or the family's any-address; port 0 lets the kernel choose. IPv6 sockets do not take IPv4.</param>
    /// <param name="device">Interface all packets leave and enter by; <see langword="null"/> leaves it to the routes.</param>
    /// <param name="bufferBytes">Send and receive buffer asked for; the kernel gives less where this process may not exceed its limit.</param>
    /// <exception cref="LinuxException">The address is not here or in use, no such interface, or not allowed.</exception>
    public static UdpSocket Bind(IPEndPoint local, string? device = null, int bufferBytes = 4 << 20)
    {
        var isIPv6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        var family = isIPv6 ? SocketAddressBytes.FamilyIPv6 : SocketAddressBytes.FamilyIPv4;
        var subject = device is null ? local.ToString() : $"{local} on {device}";
        var handle = Linux.Descriptor.Own(Libc.socket(family, Datagram | NonBlocking | CloseOnExec, 0), "socket", subject);
        try
        {
            if (isIPv6)
            {
                SocketOption.Set(handle.Number, SocketOption.LevelIPv6, SocketOption.IPv6Only, 1, subject);
            }

            if (device is not null)
            {
                SocketOption.SetDevice(handle.Number, device);
            }

            SocketOption.SetBuffers(handle.Number, bufferBytes);
            return new UdpSocket(handle, BindTo(handle.Number, local, subject));
        }
        catch (LinuxException)
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<byte> payload, in DatagramAddress destination)
    {
        Span<byte> bytes = stackalloc byte[SocketAddressBytes.MaxSize];
        var length = (uint)SocketAddressBytes.Write(bytes, destination);
        fixed (byte* data = payload, address = bytes)
        {
            while (Libc.sendto(_fd, data, (nuint)payload.Length, 0, address, length) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.Interrupted)
                {
                    return SendOutcomes.FromErrno(errno);
                }
            }
        }

        return SendOutcome.Sent;
    }

    /// <inheritdoc/>
    public bool TryReceive(Span<byte> buffer, out DatagramAddress source, out int length)
    {
        Span<byte> bytes = stackalloc byte[SocketAddressBytes.MaxSize];
        var addressLength = (uint)SocketAddressBytes.MaxSize;
        fixed (byte* data = buffer, address = bytes)
        {
            nint received;
            while ((received = Libc.recvfrom(_fd, data, (nuint)buffer.Length, 0, address, &addressLength)) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                {
                    (source, length) = (default, 0);
                    return false;
                }
            }

            (source, length) = (SocketAddressBytes.Read(bytes), (int)received);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static IPEndPoint BindTo(int fd, IPEndPoint local, string subject)
    {
        Span<byte> bytes = stackalloc byte[SocketAddressBytes.MaxSize];
        var length = (uint)SocketAddressBytes.Write(bytes, DatagramAddress.From(local));
        if (local.AddressFamily == AddressFamily.InterNetworkV6)
        {
            BitConverter.TryWriteBytes(bytes[24..], (uint)local.Address.ScopeId);
        }

        fixed (byte* address = bytes)
        {
            if (Libc.bind(fd, address, length) != 0 || Libc.getsockname(fd, address, &length) != 0)
            {
                throw new LinuxException("bind", subject, Marshal.GetLastPInvokeError());
            }
        }

        return new IPEndPoint(local.Address, SocketAddressBytes.Read(bytes).Port);
    }
}
