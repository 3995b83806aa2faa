using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>A socket that hears what the kernel announces of interfaces and addresses (rtnetlink). Belongs to the network namespace of the opening thread.</summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    /// <summary>Size of <c>nlmsghdr</c>, before every message.</summary>
    internal const int HeaderSize = 16;

    private const int FamilyNetlink = 16;
    private const int RawNonBlockingCloseOnExec = 0x80803;
    private const int AttributeHeaderSize = 4;
    private const ushort RequestDump = 0x301;
    private readonly Descriptor _handle;
    private readonly byte[] _buffer = new byte[32 << 10];
    private int _at;
    private int _length;

    private NetlinkSocket(Descriptor handle) => _handle = handle;

    /// <summary>Reads one kind of message; <see langword="false"/> for any other.</summary>
    internal delegate bool Reader<T>(ReadOnlySpan<byte> message, out T change);

    internal int Descriptor => _handle.Number;

    internal int Overruns { get; private set; }

    /// <summary>Starts listening to groups (RTMGRP_ bits).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static NetlinkSocket Open(uint groups)
    {
        var handle = Linux.Descriptor.Own(Libc.socket(FamilyNetlink, RawNonBlockingCloseOnExec, 0), "socket(AF_NETLINK)", "route");

        // sockaddr_nl: family, padding, port 0 (the kernel's choice), group mask.
        var address = stackalloc uint[] { FamilyNetlink, 0, groups };
        if (Libc.bind(handle.Number, address, 3 * sizeof(uint)) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new LinuxException("bind(AF_NETLINK)", "kernel announcements", errno);
        }

        return new NetlinkSocket(handle);
    }

    /// <summary>Asks for everything there is of a kind; the answers come as announcements do.</summary>
    /// <param name="type">RTM_GET…</param>
    /// <param name="bodySize">Size of the kind's fixed part, bytes; sent as zeros: all families.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal void Ask(ushort type, int bodySize)
    {
        Span<byte> request = stackalloc byte[HeaderSize + bodySize];
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], RequestDump);
        fixed (byte* data = request)
        {
            if (Libc.sendto(_handle.Number, data, (nuint)request.Length, 0, null, 0) < 0)
            {
                throw new LinuxException("sendto(AF_NETLINK)", "kernel announcements", Marshal.GetLastPInvokeError());
            }
        }
    }

    /// <summary>Takes waiting messages until one is of the reader's kind.</summary>
    internal bool TryRead<T>(Reader<T> read, out T? change)
    {
        while (TryRead(out var message))
        {
            if (read(message, out change!))
            {
                return true;
            }
        }

        change = default;
        return false;
    }

    /// <summary>Takes one waiting message; the view holds until the next call.</summary>
    private bool TryRead(out ReadOnlySpan<byte> message)
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
            message = rest[..size];
            return true;
        }

        message = default;
        return false;
    }

    /// <summary>Takes the first attribute off; <see langword="false"/> at the end or at a damaged one.</summary>
    internal static bool TryTake(ref ReadOnlySpan<byte> attributes, out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (attributes.Length < AttributeHeaderSize)
        {
            return false;
        }

        int size = BitConverter.ToUInt16(attributes);
        if (size < AttributeHeaderSize || size > attributes.Length)
        {
            return false;
        }

        type = BitConverter.ToUInt16(attributes[2..]);
        value = attributes[AttributeHeaderSize..size];
        attributes = attributes[Math.Min((size + 3) & ~3, attributes.Length)..];
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

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
