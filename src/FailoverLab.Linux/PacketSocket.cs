using System.Runtime.InteropServices;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// Whole Ethernet frames of one interface by AF_PACKET: what arrives there is read, what is written leaves there. Frames this host itself
/// sends by the interface are not read. Received and sent in batches; nothing is allocated per frame. It stays usable when the interface
/// goes down and comes up again. VLAN tags that the kernel took off are lost, unless it was opened with a ring.
/// </summary>
public sealed unsafe class PacketSocket : IPacketDevice, IPollable
{
    /// <summary>Every protocol (ETH_P_ALL).</summary>
    public const ushort AllProtocols = 3;

    private const int LinkHeaderRoom = 32;
    private readonly Descriptor _handle;
    private readonly int _fd;
    private readonly ReceiveRing? _ring;
    private readonly TrainSender? _trains;
    private readonly Descriptor? _sending;
    private readonly int _sendingFd;
    private readonly MessageBatch _received;
    private readonly MessageBatch _toSend;
    private int _next;
    private int _count;
    private int _pending;
    private long _missed;

    private PacketSocket(Descriptor handle, string name, int slotSize, ReceiveRing? ring, Descriptor? sending, TrainSender? trains)
    {
        _handle = handle;
        _ring = ring;
        _sending = sending;
        _trains = trains;
        _fd = handle.Number;
        _sendingFd = (sending ?? handle).Number;
        Name = name;
        _received = new MessageBatch(slotSize);
        _toSend = new MessageBatch(slotSize);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Descriptor => _fd;

    /// <summary>How often the interface was found down. It may have come up since.</summary>
    public int DownCount { get; private set; }

    /// <summary>Whether the interface was deleted or left the namespace; nothing can be read or written any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Frames thrown away because they were longer than the interface's MTU allows: its offloads are on.</summary>
    public long Oversized { get; private set; }

    /// <summary>Frames whose checksum was left open by their sender and finished here; only with a ring.</summary>
    public long Finished { get; private set; }

    /// <summary>Whether a frame waits in the ring. Without a ring it is not known, and <see langword="false"/>.</summary>
    public bool HasWaiting => _ring is { HasWaiting: true };

    /// <summary>Whether <see cref="SendTrain"/> may be called.</summary>
    public bool TakesTrains => _trains is not null;

    /// <summary>Longest frame that can be read or written, bytes.</summary>
    public int MaxFrameBytes => _received.Slot(0).Length;

    /// <summary>Opens the interface in the calling thread's network namespace; usable from any thread afterwards.</summary>
    /// <param name="name">Interface name.</param>
    /// <param name="protocol">EtherType to read, or <see cref="AllProtocols"/>.</param>
    /// <param name="promiscuous">Whether to take frames addressed to others too, as a link emulator must on a real card.</param>
    /// <param name="bufferBytes">Kernel buffer asked for.</param>
    /// <param name="ring">
    /// Whether frames come through memory shared with the kernel, which takes <paramref name="bufferBytes"/> of it at once. Checksums left
    /// open are finished and VLAN tags put back then.
    /// </param>
    /// <param name="trains">
    /// Whether segments that their sender left uncut are read, and may be sent for the kernel to cut. Needs a ring. An interface with a queue takes none to
    /// send, because they would be overtaken there.
    /// </param>
    /// <param name="isSeen">
    /// Whether what is sent goes the way of all packets, so that captures on this machine see it and a queue of the interface holds it. The short way
    /// (<c>PACKET_QDISC_BYPASS</c>) passes by both.
    /// </param>
    /// <exception cref="LinuxException">No such interface, not allowed, or no memory for the ring.</exception>
    public static PacketSocket Open(
        string name, ushort protocol = AllProtocols, bool promiscuous = false, int bufferBytes = 8 << 20, bool ring = false, bool trains = false, bool isSeen = false)
    {
        var handle = PacketBinding.Open(name);
        try
        {
            var fd = handle.Number;
            SocketOption.Set(fd, SocketOption.LevelPacket, PacketBinding.IgnoreOutgoing, 1, name);
            SocketOption.Set(fd, SocketOption.LevelPacket, PacketBinding.QdiscBypass, isSeen ? 0 : 1, name);
            SocketOption.Set(fd, SocketOption.LevelSocket, SocketOption.TimestampNs, 1, name);
            SocketOption.SetBuffers(fd, bufferBytes);
            if (promiscuous)
            {
                PacketBinding.SetPromiscuous(fd, name);
            }

            var frameBytes = PacketBinding.ReadMtu(fd, name) + LinkHeaderRoom;
            var shared = ring ? new ReceiveRing(fd, name, frameBytes, bufferBytes, trains) : null;
            PacketBinding.Bind(fd, name, protocol);
            return new PacketSocket(
                handle, name, frameBytes, shared, trains ? OpenForSending(name, bufferBytes, isSeen) : null, trains ? TrainSender.Open(name, bufferBytes) : null);
        }
        catch (LinuxException)
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Takes one waiting frame without copying it.</summary>
    /// <param name="frame">The frame, valid until the next read or the end of this object.</param>
    /// <param name="receivedRealtimeNs">The kernel's receive stamp, CLOCK_REALTIME ns.</param>
    /// <returns>Whether a frame was waiting when the kernel was last asked; it is asked again after each <see langword="false"/>.</returns>
    public bool TryRead(out ReadOnlySpan<byte> frame, out long receivedRealtimeNs)
    {
        if (_ring is not null)
        {
            while (TryReadRing(_ring, out frame, out receivedRealtimeNs, out var offload))
            {
                if (!offload.IsSegmented)
                {
                    return true;
                }

                Oversized++;
            }

            return false;
        }

        while (_next < _count || Refill())
        {
            ref readonly var message = ref _received.Headers[_next++];
            if ((message.Flags & MessageHeader.Truncated) != 0)
            {
                Oversized++;
                continue;
            }

            frame = new ReadOnlySpan<byte>(message.Vectors->Base, (int)message.Length);
            receivedRealtimeNs = ControlMessage.ReadTimestampNs(new ReadOnlySpan<byte>(message.Control, (int)message.ControlLength));
            return true;
        }

        frame = default;
        receivedRealtimeNs = 0;
        return false;
    }

    /// <summary>Takes one waiting frame without copying it, also one that its sender left uncut.</summary>
    /// <param name="frame">The frame, valid until the next read or the end of this object.</param>
    /// <param name="receivedRealtimeNs">The kernel's receive stamp, CLOCK_REALTIME ns.</param>
    /// <param name="offload">How it is to be cut; offsets count from the frame's begin, but without its VLAN tag.</param>
    /// <returns>Whether a frame was waiting when the kernel was last asked; it is asked again after each <see langword="false"/>.</returns>
    public bool TryRead(out ReadOnlySpan<byte> frame, out long receivedRealtimeNs, out OffloadHeader offload)
    {
        if (_ring is not null)
        {
            return TryReadRing(_ring, out frame, out receivedRealtimeNs, out offload);
        }

        offload = default;
        return TryRead(out frame, out receivedRealtimeNs);
    }

    /// <inheritdoc/>
    public bool TryRead(Span<byte> buffer, out int length, out long receivedRealtimeNs)
    {
        if (!TryRead(out var frame, out receivedRealtimeNs))
        {
            length = 0;
            return false;
        }

        length = Math.Min(frame.Length, buffer.Length);
        frame[..length].CopyTo(buffer);
        return true;
    }

    /// <summary>Takes a waiting error off the socket, where waiting for frames found it broken: left there, every wait would end at once.</summary>
    public void TakeError()
    {
        const int SocketError = 4;
        int error;
        uint size = sizeof(int);
        if (Libc.getsockopt(_fd, SocketOption.LevelSocket, SocketError, &error, &size) == 0 && error == Errno.NetworkDown)
        {
            NoteDown();
        }
    }

    /// <summary>Looks whether the interface, found down before, is still there. One that is deleted goes down first, and only that is told.</summary>
    /// <returns>Whether it is up again.</returns>
    public bool LookForInterface()
    {
        IsGone = !PacketBinding.IsUp(_fd, Name, out var isUp);
        return isUp;
    }

    /// <summary>Frames the kernel had no room for because they were not read in time, since opening.</summary>
    public long ReadMissed()
    {
        // tpacket_stats: seen, dropped; reading clears the kernel's counts.
        var counts = stackalloc uint[2];
        uint size = 2 * sizeof(uint);
        if (Libc.getsockopt(_fd, SocketOption.LevelPacket, PacketBinding.Statistics, counts, &size) == 0)
        {
            _missed += counts[1];
        }

        return _missed;
    }

    /// <inheritdoc/>
    public SendOutcome Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* data = packet)
        {
            while (Libc.sendto(_sendingFd, data, (nuint)packet.Length, 0, null, 0) < 0)
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

    /// <summary>Puts a frame into the batch that <see cref="Flush"/> sends; the batch is flushed when it is full.</summary>
    /// <returns>Frames lost by that flush, or 1 when this frame is longer than the MTU allows; else 0.</returns>
    public int Append(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > _toSend.Slot(_pending).Length)
        {
            return 1;
        }

        _toSend.PutForSending(_pending++, frame);
        return _pending == MessageBatch.Capacity ? Flush() : 0;
    }

    /// <summary>Sends what was appended, in order.</summary>
    /// <returns>Frames the kernel refused (interface down, queue full); they are lost.</returns>
    public int Flush()
    {
        var lost = 0;
        for (var at = 0; at < _pending;)
        {
            var sent = Libc.sendmmsg(_sendingFd, _toSend.Headers + at, (uint)(_pending - at), 0);
            if (sent > 0)
            {
                at += sent;
            }
            else if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                // The call stops at the first frame refused: that one is lost, the next may pass.
                lost++;
                at++;
            }
        }

        _pending = 0;
        return lost;
    }

    /// <summary>Sends what was appended, and then one frame longer than the MTU, which the kernel cuts on the way out.</summary>
    /// <param name="frame">All headers and the whole payload.</param>
    /// <param name="offload">How to cut it.</param>
    /// <param name="packets">How many packets it makes.</param>
    /// <returns>Packets the kernel refused; they are lost.</returns>
    public int SendTrain(ReadOnlySpan<byte> frame, in OffloadHeader offload, int packets)
    {
        var lost = Flush();
        return lost + (_trains is not null && _trains.TrySend(frame, offload) ? 0 : packets);
    }

    /// <summary>Takes the interface up or down, from whatever thread; going down takes the far end's carrier and some milliseconds.</summary>
    /// <exception cref="LinuxException">The interface is gone, or this process may not change it.</exception>
    public void SetUp(bool isUp) => PacketBinding.SetUp(_fd, Name, isUp);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_handle.IsClosed)
        {
            _ring?.Dispose();
            _sending?.Dispose();
            _trains?.Dispose();
            _handle.Dispose();
            _received.Dispose();
            _toSend.Dispose();
        }
    }

    // Told once each time the interface goes down or away; the socket works again by itself when it comes up.
    private void NoteDown()
    {
        DownCount++;
        LookForInterface();
    }

    private static Descriptor OpenForSending(string name, int bufferBytes, bool isSeen)
    {
        var handle = PacketBinding.Open(name);
        try
        {
            SocketOption.Set(handle.Number, SocketOption.LevelPacket, PacketBinding.QdiscBypass, isSeen ? 0 : 1, name);
            SocketOption.SetBuffers(handle.Number, bufferBytes);
            PacketBinding.Bind(handle.Number, name, protocol: 0);
            return handle;
        }
        catch (LinuxException)
        {
            handle.Dispose();
            throw;
        }
    }

    private bool TryReadRing(ReceiveRing ring, out ReadOnlySpan<byte> frame, out long receivedRealtimeNs, out OffloadHeader offload)
    {
        while (ring.TryTake(out var whole, out receivedRealtimeNs, out var isWhole, out var needsChecksum, out offload))
        {
            if (isWhole && offload.IsSegmented)
            {
                frame = whole;
                return true;
            }

            if (isWhole && whole.Length <= MaxFrameBytes)
            {
                Finished += needsChecksum && UnfinishedChecksum.TryFinish(whole) ? 1 : 0;
                frame = whole;
                return true;
            }

            Oversized++;
        }

        frame = default;
        return false;
    }

    private bool Refill()
    {
        var wasShort = _count is > 0 and < MessageBatch.Capacity;
        (_next, _count) = (0, 0);
        if (wasShort)
        {
            // The last call emptied the queue: asking again at once would cost a system call per frame at low rates.
            return false;
        }

        _received.PrepareReceive();
        while (true)
        {
            var received = Libc.recvmmsg(_fd, _received.Headers, MessageBatch.Capacity, 0, null);
            if (received > 0)
            {
                _count = received;
                return true;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno == Errno.NetworkDown)
            {
                NoteDown();
            }

            if (errno != Errno.Interrupted)
            {
                return false;
            }
        }
    }
}
