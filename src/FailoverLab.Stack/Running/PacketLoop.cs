using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Packets;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>
/// What the loops of both programs share: the TUN and its buffers, cutting what comes from it, putting together what goes to it, and draining
/// in bounded batches so that no source starves another or the timers.
/// </summary>
internal sealed class PacketLoop : ISuperPacketOutput, IDisposable
{
    /// <summary>SCHED_FIFO priority of the loops where allowed: above the probes they carry, below the emulated links.</summary>
    public const int RealtimePriority = 20;

    // A datagram costs one to two microseconds, so a batch half a millisecond: far below the shortest detection time.
    private const int Batch = 256;
    private const int LargestPacket = 65536;
    private const int ReceiveMemory = 4 * TrainSocket.ReceiveRoom;

    private readonly OffloadTun _tun;
    private readonly byte[] _uncut = GC.AllocateArray<byte>(TunnelHeader.Size + LargestPacket, pinned: true);
    private readonly byte[] _frame = GC.AllocateArray<byte>(TunnelHeader.Size + LargestPacket, pinned: true);
    private readonly byte[] _received = GC.AllocateArray<byte>(ReceiveMemory, pinned: true);
    private readonly SegmentCoalescer _coalescer;
    private int _receivedEnd;
    private bool _wasLone;

    /// <summary>Takes a TUN over; disposed of with this object.</summary>
    public PacketLoop(OffloadTun tun)
    {
        _tun = tun;
        _coalescer = new SegmentCoalescer(_received, this);
    }

    public delegate void DatagramHandler<in TState>(TState state, Span<byte> datagram, in DatagramAddress source, in TunnelTime now);

    public delegate void FrameHandler(Span<byte> frame, in TunnelTime now);

    /// <summary>The TUN.</summary>
    public OffloadTun Tun => _tun;

    /// <summary>Hands in what waits on a socket, then writes what waits for the TUN.</summary>
    public void Drain<TState>(TrainSocket socket, TState state, DatagramHandler<TState> handler)
    {
        var handled = 0;
        while (handled < Batch && socket.TryReceive(ReceiveRoom(), out var source, out var length, out var size))
        {
            var now = ProgramHost.Now;
            var (at, end) = (_receivedEnd, _receivedEnd + length);
            _receivedEnd = end;
            do
            {
                var datagram = _received.AsSpan(at, Math.Min(size, end - at));
                handler(state, datagram, source, now);
                at += datagram.Length;
                handled++;
            }
            while (at < end);
        }

        FlushTun();
    }

    /// <summary>Hands in what waits on the TUN as legal packets, each behind 32 bytes of room.</summary>
    /// <param name="handler">Takes them.</param>
    /// <param name="send">
    /// Sends what was collected of them. Called once more than at the end: after the first packet if the last time there was but one, because
    /// then there likely is no other and looking for it would only delay this one.
    /// </param>
    public void Drain(FrameHandler handler, Action send)
    {
        var handled = 0;
        while (handled < Batch && _tun.TryRead(_uncut.AsSpan(TunnelHeader.Size), out var length, out var offload))
        {
            var now = ProgramHost.Now;
            var packet = _uncut.AsSpan(TunnelHeader.Size, length);
            handled++;
            if (!offload.IsSegmented)
            {
                if (PacketSegments.TryComplete(packet, offload))
                {
                    handler(_uncut.AsSpan(0, TunnelHeader.Size + length), now);
                    if (handled == 1 && _wasLone)
                    {
                        send();
                    }
                }
            }
            else if (PacketSegments.TryOpen(packet, offload, out var segments))
            {
                while (segments.TryNext(_frame.AsSpan(TunnelHeader.Size), out var segment))
                {
                    handler(_frame.AsSpan(0, TunnelHeader.Size + segment), now);
                    handled++;
                }
            }
        }

        _wasLone = handled <= 1;
        send();
    }

    /// <summary>Takes a packet for the TUN; it is written at the end of the drain at the latest.</summary>
    /// <param name="packet">A whole packet; valid only during the call unless it is in the memory of <see cref="Drain{TState}"/>.</param>
    public void WriteTun(ReadOnlySpan<byte> packet)
    {
        if (_received.AsSpan(0, _receivedEnd).Overlaps(packet, out var offset))
        {
            // The result is where the packet begins, seen from the memory.
            _coalescer.Add(new ByteRange(offset, packet.Length));
        }
        else
        {
            ReadOnlySpan<ByteRange> whole = [new ByteRange(0, packet.Length)];
            _tun.Write(packet, whole, default);
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<ByteRange> parts, in OffloadHeader offload) => _tun.Write(_received, parts, offload);

    /// <inheritdoc/>
    public void Dispose() => _tun.Dispose();

    private Span<byte> ReceiveRoom()
    {
        if (_received.Length - _receivedEnd < TrainSocket.ReceiveRoom)
        {
            FlushTun();
        }

        return _received.AsSpan(_receivedEnd, TrainSocket.ReceiveRoom);
    }

    private void FlushTun()
    {
        _coalescer.Flush();
        _receivedEnd = 0;
    }
}
