using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// A TUN interface that leaves segmentation and checksums to its user: the kernel hands over TCP and UDP in pieces of up to 64 KiB and takes
/// such pieces back, which costs it one pass where packets would cost it forty. Otherwise as <see cref="TunDevice"/>.
/// </summary>
public sealed unsafe class OffloadTun : IOffloadDevice, IPollable
{
    private const nuint SetOffload = 0x400454D0;
    private const nuint Checksum = 0x01;
    private const nuint TcpIPv4 = 0x02;
    private const nuint TcpIPv6 = 0x04;
    private const nuint UdpBoth = 0x60;
    private readonly Descriptor _handle;
    private readonly int _fd;

    private OffloadTun(Descriptor handle, string name)
    {
        _handle = handle;
        _fd = handle.Number;
        Name = name;
        foreach (var wish in (ReadOnlySpan<nuint>)[Checksum | TcpIPv4 | TcpIPv6 | UdpBoth, Checksum | TcpIPv4 | TcpIPv6, Checksum])
        {
            // Kernels before 6.2 know no UDP segmentation. What none of the wishes finds open comes as whole packets, and all works as well.
            if (Libc.ioctl(_fd, SetOffload, (void*)wish) == 0)
            {
                SegmentsTcp = (wish & TcpIPv4) != 0;
                break;
            }
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Descriptor => _fd;

    /// <summary>Whether the kernel leaves the segmentation of TCP to the user.</summary>
    public bool SegmentsTcp { get; }

    /// <summary>Whether the interface was deleted under this object; it then gives and takes nothing any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Creates the interface; it is down and has no address.</summary>
    /// <param name="name">1..15 bytes; <c>%d</c> lets the kernel number it.</param>
    /// <exception cref="LinuxException">No TUN driver, not allowed, or the name is taken.</exception>
    public static OffloadTun Create(string name)
    {
        var handle = TunOpening.Open(name, TunOpening.Tun | TunOpening.WithoutPrefix | TunOpening.WithOffloadHeader, out var given);
        return new OffloadTun(handle, given);
    }

    /// <inheritdoc/>
    public bool TryRead(Span<byte> buffer, out int length, out OffloadHeader offload)
    {
        var header = stackalloc byte[OffloadHeader.Size];
        var vectors = stackalloc IoVector[2];
        fixed (byte* data = buffer)
        {
            vectors[0] = new IoVector { Base = header, Length = OffloadHeader.Size };
            vectors[1] = new IoVector { Base = data, Length = (nuint)buffer.Length };
            nint received;
            while ((received = Libc.readv(_fd, vectors, 2)) < OffloadHeader.Size)
            {
                if (received >= 0 || Failed(out _))
                {
                    (length, offload) = (0, default);
                    return false;
                }
            }

            length = (int)received - OffloadHeader.Size;
            offload = OffloadHeader.Read(new ReadOnlySpan<byte>(header, OffloadHeader.Size));
            return true;
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public SendOutcome Write(ReadOnlySpan<byte> memory, ReadOnlySpan<ByteRange> parts, in OffloadHeader offload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts.Length, IOffloadDevice.MaxParts);
        var header = stackalloc byte[OffloadHeader.Size];
        var vectors = stackalloc IoVector[1 + IOffloadDevice.MaxParts];
        offload.Write(new Span<byte>(header, OffloadHeader.Size));
        vectors[0] = new IoVector { Base = header, Length = OffloadHeader.Size };
        fixed (byte* data = memory)
        {
            for (var i = 0; i < parts.Length; i++)
            {
                var part = memory.Slice(parts[i].Offset, parts[i].Length);
                vectors[1 + i] = new IoVector { Base = data + parts[i].Offset, Length = (nuint)part.Length };
            }

            while (Libc.writev(_fd, vectors, 1 + parts.Length) < 0)
            {
                if (Failed(out var errno))
                {
                    return SendOutcomes.FromErrno(errno);
                }
            }
        }

        return SendOutcome.Sent;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Whether the call really failed, rather than was interrupted.</summary>
    private bool Failed(out int errno)
    {
        errno = Marshal.GetLastPInvokeError();
        IsGone |= errno == Errno.BadDescriptorState;
        return errno != Errno.Interrupted;
    }
}
