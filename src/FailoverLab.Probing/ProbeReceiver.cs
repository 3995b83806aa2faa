using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Probing;

/// <summary>Receives probe flows at one host on a thread of its own and counts them for a live view. Safe from any thread.</summary>
public sealed class ProbeReceiver : IDisposable
{
    private const long LongestWaitNs = 50_000_000;
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<IDatagramSocket> _sockets;
    private readonly IReadiness _readiness;
    private readonly IClock _clock;
    private readonly ReceivedFlow[] _flows;
    private readonly byte[] _buffer = new byte[2048];
    private readonly Thread _thread;
    private long _foreign;
    private volatile bool _stopping;

    private ProbeReceiver(string name, IReadOnlyList<IDatagramSocket> sockets, IReadiness readiness, IReadOnlyList<uint> flowIds, IClock clock)
    {
        (_sockets, _readiness, _clock) = (sockets, readiness, clock);
        _flows = [.. flowIds.Select(id => new ReceivedFlow(id, 0, null, null, 0))];
        _thread = new Thread(Run) { IsBackground = true, Name = $"probe receiver {name}" };
    }

    /// <summary>What arrived so far.</summary>
    public ReceiverSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return new ReceiverSnapshot([.. _flows], _foreign);
            }
        }
    }

    /// <summary>Starts receiving.</summary>
    /// <param name="name">Host, for the thread's name.</param>
    /// <param name="sockets">Sockets the flows arrive at; not owned.</param>
    /// <param name="readiness">Waits for these sockets, in the same order.</param>
    /// <param name="flowIds">Flow numbers expected here.</param>
    /// <param name="clock">Time of arrivals.</param>
    public static ProbeReceiver Start(
        string name, IReadOnlyList<IDatagramSocket> sockets, IReadiness readiness, IReadOnlyList<uint> flowIds, IClock clock)
    {
        var receiver = new ProbeReceiver(name, sockets, readiness, flowIds, clock);
        receiver._thread.Start();
        return receiver;
    }

    /// <summary>Stops receiving after what waits is read; the sockets stay open.</summary>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }

    private void Run()
    {
        while (!_stopping)
        {
            TakeWhatCame(_clock.MonotonicNs + LongestWaitNs);
        }

        TakeWhatCame(_clock.MonotonicNs);
    }

    private void TakeWhatCame(long deadlineNs)
    {
        var hasCome = _readiness.Wait(deadlineNs);
        for (var i = 0; hasCome && i < _sockets.Count; i++)
        {
            if (_readiness.IsReadable(i))
            {
                Drain(_sockets[i]);
            }
        }
    }

    private void Drain(IDatagramSocket socket)
    {
        lock (_gate)
        {
            while (socket.TryReceive(_buffer, out _, out var length))
            {
                Count(_buffer.AsSpan(0, length), _clock.MonotonicNs);
            }
        }
    }

    private void Count(ReadOnlySpan<byte> payload, long nowNs)
    {
        if (ProbeHeader.TryRead(payload, out var header))
        {
            for (var i = 0; i < _flows.Length; i++)
            {
                if (_flows[i].Id == header.FlowId)
                {
                    _flows[i] = _flows[i].With(header.Sequence, nowNs);
                    return;
                }
            }
        }

        _foreign++;
    }
}
