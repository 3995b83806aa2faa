using FailoverLab.Dataplane;

namespace FailoverLab.Probing;

/// <summary>
/// Sends several probe flows from one host, on a thread of its own and a schedule fixed in advance. A packet that is late is sent at once
/// and counted; one that the kernel refuses keeps its sequence number and is lost. Safe from any thread.
/// </summary>
public sealed class ProbeSender : IDisposable
{
    // How long a stop may take when the next packet is far away.
    private const long LongestWaitNs = 20_000_000;
    private readonly Lock _gate = new();
    private readonly ProbeSending _sending;
    private readonly IClock _clock;
    private readonly Action? _prepareThread;
    private readonly Thread _thread;
    private volatile bool _stopping;

    private ProbeSender(string name, IReadOnlyList<ProbeFlow> flows, long startMonotonicNs, IClock clock, Action? prepareThread)
    {
        (_clock, _prepareThread) = (clock, prepareThread);
        _sending = new ProbeSending(flows, startMonotonicNs, clock);
        _thread = new Thread(Run) { IsBackground = true, Name = $"probes {name}" };
    }

    /// <summary>What was sent so far.</summary>
    public SenderSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _sending.Snapshot();
            }
        }
    }

    /// <summary>Starts sending.</summary>
    /// <param name="name">Host, for the thread's name.</param>
    /// <param name="flows">One at least. Their first packets are spread over one interval after the start.</param>
    /// <param name="startMonotonicNs">When the first flow sends first; shift it between hosts so that they do not send at one instant.</param>
    /// <param name="clock">Decides how sharp the schedule is kept: one that spins keeps it to microseconds at the price of a core's time.</param>
    /// <param name="prepareThread">Run first on the sending thread, to give it its priority; <see langword="null"/> leaves it as it is.</param>
    public static ProbeSender Start(
        string name, IReadOnlyList<ProbeFlow> flows, long startMonotonicNs, IClock clock, Action? prepareThread = null)
    {
        var sender = new ProbeSender(name, flows, startMonotonicNs, clock, prepareThread);
        sender._thread.Start();
        return sender;
    }

    /// <summary>Stops sending; <see cref="Snapshot"/> then holds the final counts. The sockets stay open.</summary>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }

    private void Run()
    {
        _prepareThread?.Invoke();
        while (!_stopping)
        {
            var dueNs = _sending.DueNs;
            var soonNs = _clock.MonotonicNs + LongestWaitNs;
            _clock.WaitUntil(Math.Min(dueNs, soonNs));
            if (dueNs > soonNs)
            {
                continue;
            }

            lock (_gate)
            {
                _sending.SendNext();
            }
        }
    }
}
