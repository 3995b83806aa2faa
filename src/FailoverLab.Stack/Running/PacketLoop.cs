using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Packets;

namespace FailoverLab.Stack;

/// <summary>
/// What the loops of both programs share: the buffer with room for the header, and draining in bounded batches so that no source
/// starves another or the timers.
/// </summary>
internal sealed class PacketLoop
{
    /// <summary>SCHED_FIFO priority of the loops where allowed: above the probes they carry, below the emulated links.</summary>
    public const int RealtimePriority = 20;

    private const int Batch = 128;
    private const int Largest = 65536;

    private readonly byte[] _buffer = GC.AllocateArray<byte>(TunnelHeader.Size + Largest, pinned: true);

    public delegate void DatagramHandler<in TState>(TState state, Span<byte> datagram, in DatagramAddress source);

    public delegate void FrameHandler(Span<byte> frame);

    /// <summary>Hands in what waits on a socket.</summary>
    public void Drain<TState>(UdpSocket socket, TState state, DatagramHandler<TState> handler)
    {
        for (var i = 0; i < Batch && socket.TryReceive(_buffer, out var source, out var length); i++)
        {
            handler(state, _buffer.AsSpan(0, length), source);
        }
    }

    /// <summary>Hands in what waits on the TUN, each packet behind 32 bytes of room.</summary>
    public void Drain(TunDevice tun, FrameHandler handler)
    {
        for (var i = 0; i < Batch && tun.TryRead(_buffer.AsSpan(TunnelHeader.Size), out var length, out _); i++)
        {
            handler(_buffer.AsSpan(0, TunnelHeader.Size + length));
        }
    }
}
