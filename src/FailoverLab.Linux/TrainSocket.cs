using System.Runtime.InteropServices;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// A UDP socket that sends and receives trains: up to 64 datagrams of one size to or from one address, the last perhaps shorter, which the
/// kernel carries as one (UDP_SEGMENT, UDP_GRO). On the wire they are ordinary datagrams. Where the kernel cannot, they are sent one by one.
/// One thread at a time may send, one may receive.
/// </summary>
public sealed unsafe class TrainSocket : IPollable, IDisposable
{
    /// <summary>Most datagrams of a train; the kernel's own limit is 64, later 128.</summary>
    public const int MaxDatagrams = 64;

    /// <summary>Most bytes of a train: what one UDP datagram over IPv4 may hold.</summary>
    public const int MaxBytes = 65507;

    /// <summary>Bytes that hold any received train.</summary>
    public const int ReceiveRoom = 65536;

    /// <summary>Buffers to ask for, bytes: trains come in bursts.</summary>
    public const int BufferBytes = 7 << 20;

    private const int ControlHeader = 16;
    private const int ControlSize = 64;
    private readonly UdpSocket _socket;
    private readonly int _fd;
    private bool _sendsSingly;

    /// <summary>Takes a bound socket over, and asks for received trains as wholes.</summary>
    /// <param name="socket">Disposed of with this object.</param>
    public TrainSocket(UdpSocket socket)
    {
        _socket = socket;
        _fd = socket.Descriptor;
        _ = SocketOption.TrySet(_fd, SocketOption.LevelUdp, SocketOption.UdpCoalesce, 1);
    }

    /// <inheritdoc/>
    public int Descriptor => _fd;

    /// <summary>Sends one datagram.</summary>
    public SendOutcome Send(ReadOnlySpan<byte> datagram, in DatagramAddress destination) => _socket.Send(datagram, destination);

    /// <summary>Sends a train.</summary>
    /// <param name="bytes">The datagrams, one behind the other; at most <see cref="MaxBytes"/>.</param>
    /// <param name="size">Bytes of each but the last.</param>
    /// <param name="destination">Where to; same address family as the socket.</param>
    /// <returns>What became of it; of the last one refused when they were sent one by one.</returns>
    public SendOutcome SendTrain(ReadOnlySpan<byte> bytes, int size, in DatagramAddress destination)
    {
        if (bytes.Length <= size)
        {
            return Send(bytes, destination);
        }

        if (!_sendsSingly)
        {
            var errno = TrySendWhole(bytes, size, destination);
            if (errno is not (Errno.InputOutput or Errno.Invalid or Errno.MessageTooLong))
            {
                return errno == 0 ? SendOutcome.Sent : SendOutcomes.FromErrno(errno);
            }

            // EIO says that this way cannot; the others may be about this train alone: longer than the path's MTU.
            _sendsSingly = errno == Errno.InputOutput;
        }

        var outcome = SendOutcome.Sent;
        for (var at = 0; at < bytes.Length; at += size)
        {
            var one = Send(bytes.Slice(at, Math.Min(size, bytes.Length - at)), destination);
            outcome = one == SendOutcome.Sent ? outcome : one;
        }

        return outcome;
    }

    /// <summary>Takes what waits: one datagram or a train.</summary>
    /// <param name="buffer">Receives it; <see cref="ReceiveRoom"/> bytes hold any.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="length">Bytes written to <paramref name="buffer"/>.</param>
    /// <param name="size">Bytes of each datagram but the last.</param>
    /// <returns>Whether anything was waiting.</returns>
    public bool TryReceive(Span<byte> buffer, out DatagramAddress source, out int length, out int size)
    {
        Span<byte> address = stackalloc byte[SocketAddressBytes.MaxSize];
        var control = stackalloc byte[ControlSize];
        fixed (byte* data = buffer, name = address)
        {
            var vector = new IoVector { Base = data, Length = (nuint)buffer.Length };
            var message = new MessageHeader { Name = name, NameLength = SocketAddressBytes.MaxSize, Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlSize };
            nint received;
            while ((received = Libc.recvmsg(_fd, &message, 0)) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                {
                    (source, length, size) = (default, 0, 0);
                    return false;
                }
            }

            length = (int)received;
            source = SocketAddressBytes.Read(address);
            size = ControlMessage.ReadSegmentSize(new ReadOnlySpan<byte>(control, (int)message.ControlLength));
            size = size is 0 ? length : size;
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Hands a train to the kernel as one; the error number, 0 = taken.</summary>
    private int TrySendWhole(ReadOnlySpan<byte> bytes, int size, in DatagramAddress destination)
    {
        Span<byte> address = stackalloc byte[SocketAddressBytes.MaxSize];
        var control = stackalloc byte[ControlSize];
        *(long*)control = ControlHeader + sizeof(ushort);
        *(int*)(control + 8) = SocketOption.LevelUdp;
        *(int*)(control + 12) = SocketOption.UdpSegment;
        *(ushort*)(control + ControlHeader) = (ushort)size;
        var nameLength = (uint)SocketAddressBytes.Write(address, destination);
        fixed (byte* data = bytes, name = address)
        {
            var vector = new IoVector { Base = data, Length = (nuint)bytes.Length };
            var message = new MessageHeader { Name = name, NameLength = nameLength, Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlHeader + 8 };
            while (Libc.sendmsg(_fd, &message, 0) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.Interrupted)
                {
                    return errno;
                }
            }
        }

        return 0;
    }
}
