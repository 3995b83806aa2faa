using System.Runtime.InteropServices;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// A TUN interface: the kernel routes IP packets into it and takes IP packets from it. It exists as long as this object.
/// It belongs to the network namespace of the creating thread and may then be used from any. No receive stamps.
/// </summary>
public sealed unsafe class TunDevice : IPacketDevice, IPollable
{
    private readonly Descriptor _handle;
    private readonly int _fd;

    private TunDevice(Descriptor handle, string name)
    {
        _handle = handle;
        _fd = handle.Number;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Descriptor => _fd;

    /// <summary>Whether the interface was deleted under this object; it then gives and takes nothing any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Creates the interface; it is down and has no address.</summary>
    /// <param name="name">1..15 bytes; <c>%d</c> lets the kernel number it.</param>
    /// <exception cref="LinuxException">No TUN driver, not allowed, or the name is taken.</exception>
    public static TunDevice Create(string name)
    {
        var handle = TunOpening.Open(name, TunOpening.Tun | TunOpening.WithoutPrefix, out var given);
        return new TunDevice(handle, given);
    }

    /// <inheritdoc/>
    public bool TryRead(Span<byte> buffer, out int length, out long receivedRealtimeNs)
    {
        receivedRealtimeNs = 0;
        fixed (byte* data = buffer)
        {
            nint received;
            while ((received = Libc.read(_fd, data, (nuint)buffer.Length)) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.Interrupted)
                {
                    IsGone |= errno == Errno.BadDescriptorState;
                    length = 0;
                    return false;
                }
            }

            length = (int)received;
            return true;
        }
    }

    /// <inheritdoc/>
    public SendOutcome Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* data = packet)
        {
            while (Libc.write(_fd, data, (nuint)packet.Length) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.Interrupted)
                {
                    IsGone |= errno == Errno.BadDescriptorState;
                    return SendOutcomes.FromErrno(errno);
                }
            }
        }

        return SendOutcome.Sent;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
