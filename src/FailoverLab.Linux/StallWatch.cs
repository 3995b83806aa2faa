using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// Notices when threads that are due do not run. On each processor one of highest priority sleeps for short times and looks how late it
/// woke: only a host that took the processor away, or a kernel that held it, delays that one. One more of ordinary priority, on any
/// processor, waits with everybody when the machine is busy. Where high priority is not allowed all are ordinary.
/// </summary>
public sealed class StallWatch : IDisposable
{
    private const int Priority = 90;
    private const long PeriodNs = 2_000_000;

    private readonly IClock _clock;
    private readonly long _leastNs;
    private readonly List<Thread> _threads = [];
    private readonly List<Stall> _seen = [];
    private volatile bool _isEnding;

    /// <summary>Begins to watch.</summary>
    /// <param name="clock">The kernel's clocks.</param>
    /// <param name="least">Shorter stalls are not kept.</param>
    public StallWatch(IClock clock, TimeSpan least)
    {
        _clock = clock;
        _leastNs = least.Ticks * 100;
        foreach (var processor in ProcessControl.Processors())
        {
            Start(() => Watch(ProcessControl.TryRunOn(processor) && ProcessControl.TryRealtimePriority(Priority)), $"stalls {processor}");
        }

        Start(() => Watch(isUrgent: false), "stalls");
    }

    /// <summary>What was seen until now, in order of time.</summary>
    public IReadOnlyList<Stall> Seen()
    {
        lock (_seen)
        {
            return StallLog.Join(_seen);
        }
    }

    /// <summary>Ends the watch; what it saw can still be asked.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _threads.ForEach(t => t.Join());
    }

    private void Start(Action watch, string name)
    {
        var thread = new Thread(() => watch(), maxStackSize: 256 * 1024) { IsBackground = true, Name = name };
        _threads.Add(thread);
        thread.Start();
    }

    private void Watch(bool isUrgent)
    {
        var dueNs = _clock.MonotonicNs;
        while (!_isEnding)
        {
            dueNs += PeriodNs;
            _clock.WaitUntil(dueNs);
            var nowNs = _clock.MonotonicNs;
            var lateNs = nowNs - dueNs;
            if (lateNs >= _leastNs)
            {
                lock (_seen)
                {
                    _seen.Add(new Stall(_clock.RealtimeNs - lateNs, lateNs, isUrgent));
                }
            }

            dueNs = lateNs > PeriodNs ? nowNs : dueNs;
        }
    }
}
