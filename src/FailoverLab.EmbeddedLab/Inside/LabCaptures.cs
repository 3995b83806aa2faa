using FailoverLab.Dataplane;
using FailoverLab.Hosts;

namespace FailoverLab.EmbeddedLab;

/// <summary>All captures of the lab: rings opened when armed, drained by one thread, one clock for every stamp.</summary>
internal sealed class LabCaptures(LabNetwork network, LabReporter reporter, IClock clock) : IDisposable
{
    private const long DrainPeriodNs = 20_000_000;

    private readonly List<CapturePoint> _points = [];
    private readonly List<CaptureCount> _finished = [];
    private readonly Lock _gate = new();
    private Thread? _thread;
    private volatile bool _stopping;

    /// <summary>Opens the rings and files of some interfaces of a host, so that starting them costs nothing.</summary>
    public void Arm(string host, IReadOnlyList<string> interfaces, int snapLength, string runDirectory)
    {
        Directory.CreateDirectory(Path.Combine(runDirectory, "captures"));
        foreach (var name in interfaces)
        {
            _points.Add(new CapturePoint(host, name, network[host], runDirectory, snapLength));
        }
    }

    /// <summary>Starts the drain thread once all points are armed; nothing is written before <see cref="Start"/>.</summary>
    public void StartDraining()
    {
        if (_points.Count > 0)
        {
            _thread = new Thread(Drain) { IsBackground = true, Name = "captures" };
            _thread.Start();
        }
    }

    /// <summary>Starts a host's captures.</summary>
    public void Start(string host, long fromRealtimeNs)
    {
        // No lock: the list changes only when captures stop, on this same thread.
        foreach (var point in _points.Where(p => p.Host == host))
        {
            point.StartRealtimeNs = fromRealtimeNs;
        }
    }

    /// <summary>Ends a host's captures and closes their files.</summary>
    public void Stop(string host)
    {
        lock (_gate)
        {
            foreach (var point in _points.Where(p => p.Host == host).ToList())
            {
                Finish(point);
            }
        }
    }

    /// <summary>Ends all captures.</summary>
    /// <returns>What each counted, those stopped earlier included.</returns>
    public IReadOnlyList<CaptureCount> StopAll()
    {
        _stopping = true;
        _thread?.Join();
        lock (_gate)
        {
            foreach (var point in _points.ToList())
            {
                Finish(point);
            }
        }

        return _finished;
    }

    public void Dispose() => StopAll();

    private void Finish(CapturePoint point)
    {
        Report(point, point.Drain());
        _finished.Add(point.Finish());
        point.Dispose();
        _points.Remove(point);
    }

    private void Drain()
    {
        while (!_stopping)
        {
            lock (_gate)
            {
                foreach (var point in _points)
                {
                    Report(point, point.Drain());
                }
            }

            // The rings hold seconds of traffic; waking often would only take the processor from what is measured.
            clock.WaitUntil(clock.MonotonicNs + DrainPeriodNs);
        }
    }

    private void Report(CapturePoint point, string? fault)
    {
        if (fault is not null)
        {
            reporter.Fault(point.Host, fault);
        }
    }
}
