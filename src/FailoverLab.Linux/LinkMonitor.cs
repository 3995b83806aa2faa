using System.Runtime.InteropServices;
using System.Text;

namespace FailoverLab.Linux;

/// <summary>
/// Hears from the kernel when an interface of the namespace goes up, down, loses its carrier or vanishes (rtnetlink, RTMGRP_LINK).
/// Belongs to the network namespace of the opening thread. One thread at a time.
/// </summary>
/// <remarks>
/// The kernel tells carrier changes of a veth at once only when its ends have different interface indices; with equal ones (possible
/// across namespaces) it may hold them back for up to a second.
/// </remarks>
public sealed unsafe class LinkMonitor : IPollable, IDisposable
{
    private const int FamilyNetlink = 16;
    private const int RawNonBlockingCloseOnExec = 0x80803;
    private const int HeaderSize = 16;
    private const int InterfaceInfoSize = 16;
    private const int AttributeHeaderSize = 4;
    private const ushort NewLink = 16;
    private const ushort DeleteLink = 17;
    private const ushort AttributeName = 3;
    private const uint FlagUp = 0x1;
    private const uint FlagLowerUp = 0x10000;
    private readonly Descriptor _handle;
    private readonly byte[] _buffer = new byte[32 << 10];
    private int _at;
    private int _length;

    private LinkMonitor(Descriptor handle) => _handle = handle;

    /// <inheritdoc/>
    public int Descriptor => _handle.Number;

    /// <summary>How often the kernel had to drop announcements; after a rise, ask <see cref="InterfaceControl"/> for the present state.</summary>
    public int Overruns { get; private set; }

    /// <summary>Starts listening; what happened before is not told.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static LinkMonitor Open()
    {
        var handle = Linux.Descriptor.Own(Libc.socket(FamilyNetlink, RawNonBlockingCloseOnExec, 0), "socket(AF_NETLINK)", "route");

        // sockaddr_nl: family, padding, port 0 (the kernel's choice), group mask 1 = RTMGRP_LINK.
        var address = stackalloc uint[] { FamilyNetlink, 0, 1 };
        if (Libc.bind(handle.Number, address, 3 * sizeof(uint)) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new LinuxException("bind(AF_NETLINK)", "link announcements", errno);
        }

        return new LinkMonitor(handle);
    }

    /// <summary>Takes one waiting announcement.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryRead(out LinkEvent change)
    {
        while (_at < _length || Refill())
        {
            var rest = _buffer.AsSpan(_at, _length - _at);
            var size = rest.Length < HeaderSize ? 0 : BitConverter.ToInt32(rest);
            if (size < HeaderSize || size > rest.Length)
            {
                _length = 0;
                continue;
            }

            _at += Math.Min((size + 3) & ~3, rest.Length);
            if (TryParse(rest[..size], out change))
            {
                return true;
            }
        }

        change = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Reads one netlink message: <c>nlmsghdr</c>, <c>ifinfomsg</c>, attributes.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> message, out LinkEvent change)
    {
        change = default;
        var type = BitConverter.ToUInt16(message[4..]);
        if (type is not (NewLink or DeleteLink) || message.Length < HeaderSize + InterfaceInfoSize)
        {
            return false;
        }

        var flags = BitConverter.ToUInt32(message[(HeaderSize + 8)..]);
        var attributes = message[(HeaderSize + InterfaceInfoSize)..];
        while (attributes.Length >= AttributeHeaderSize)
        {
            int size = BitConverter.ToUInt16(attributes);
            if (size < AttributeHeaderSize || size > attributes.Length)
            {
                return false;
            }

            if (BitConverter.ToUInt16(attributes[2..]) == AttributeName)
            {
                var name = Encoding.UTF8.GetString(attributes[AttributeHeaderSize..size].TrimEnd((byte)0));
                var isGone = type == DeleteLink;
                change = new LinkEvent(name, !isGone && (flags & FlagUp) != 0, !isGone && (flags & FlagLowerUp) != 0, isGone);
                return true;
            }

            attributes = attributes[Math.Min((size + 3) & ~3, attributes.Length)..];
        }

        return false;
    }

    private bool Refill()
    {
        fixed (byte* data = _buffer)
        {
            while (true)
            {
                var received = Libc.recvfrom(_handle.Number, data, (nuint)_buffer.Length, 0, null, null);
                if (received > 0)
                {
                    (_at, _length) = (0, (int)received);
                    return true;
                }

                var errno = Marshal.GetLastPInvokeError();
                if (received == 0 || errno is not (Errno.Interrupted or Errno.NoBuffers))
                {
                    (_at, _length) = (0, 0);
                    return false;
                }

                Overruns += errno == Errno.NoBuffers ? 1 : 0;
            }
        }
    }
}
