using System.ComponentModel;
using System.Diagnostics;
using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>The running lab: network, links, and one run's captures, programs, traffic and commands.</summary>
internal sealed class Lab(LabReporter reporter, IClock clock, SelfCommand self) : IDisposable
{
    private const long StatusPeriodNs = 125_000_000;
    private const int LanePriority = 30;

    /// <summary>After the traffic has stopped, packets may still be inside the links.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private RunPlan? _plan;
    private LabNetwork? _network;
    private LabLinks? _links;
    private LabCaptures? _captures;
    private LabPrograms? _programs;
    private LabTraffic? _traffic;
    private CommandRunner? _commands;
    private LabLinkLogs? _linkLogs;
    private long _firedNs;
    private LabPerformer? _performer;
    private Lane? _lane;
    private Thread? _laneThread;
    private volatile bool _isEnding;

    /// <summary>Builds the topology and starts the WAN links.</summary>
    public void Up(RunPlan plan)
    {
        _plan = plan;
        _network = LabNetwork.Build(plan.Topology!);
        _links = LabLinks.Start(plan, _network, reporter, clock);
    }

    /// <summary>Prepares all steps.</summary>
    public void Arm(string runDirectory)
    {
        _captures = new LabCaptures(_network!, reporter, clock);
        _programs = new LabPrograms(_network!, reporter, clock, self);
        _traffic = new LabTraffic(_network!, clock);
        _commands = new CommandRunner(runDirectory, reporter.Event, clock, StartInNode);
        _linkLogs = _plan!.LogsLinks ? new LabLinkLogs(_links!.All, runDirectory, reporter, clock) : null;
        _performer = new LabPerformer(_captures, _programs, _links!, _traffic, _commands, clock, runDirectory);
        _performer.Arm(Steps());
    }

    /// <summary>Starts the plan at an instant.</summary>
    public void Fire(long startRealtimeNs)
    {
        var sentNs = clock.RealtimeNs;
        _firedNs = clock.MonotonicNs;
        _links!.Begin();
        _lane = new Lane(Steps(), _performer!, clock, reporter.Event);
        _laneThread = new Thread(() => RunLane(startRealtimeNs, sentNs)) { IsBackground = true, Name = "lane" };
        _laneThread.Start();
        new Thread(Watch) { IsBackground = true, Name = "status" }.Start();
    }

    /// <summary>Ends what runs, in the order that keeps the record whole: steps, traffic, captures, programs.</summary>
    public IReadOnlyList<CaptureCount> Stop()
    {
        _isEnding = true;
        _lane?.Stop();
        _laneThread?.Join();
        _traffic?.StopAll();
        clock.WaitUntil(clock.MonotonicNs + ((Grace + (_links?.LongestDelay ?? TimeSpan.Zero)).Ticks * 100));
        var captures = _captures?.StopAll() ?? [];
        _linkLogs?.Dispose();
        foreach (var overrun in _firedNs > 0 ? _links!.Overruns(TimeSpan.FromTicks((clock.MonotonicNs - _firedNs) / 100)) : [])
        {
            reporter.Event(overrun);
        }

        _commands?.Dispose();
        _programs?.Dispose();
        _traffic?.Dispose();
        return captures;
    }

    public void Dispose()
    {
        _isEnding = true;
        _lane?.Stop();
        _commands?.Dispose();
        _programs?.Dispose();
        _traffic?.Dispose();
        _captures?.Dispose();
        _linkLogs?.Dispose();
        _links?.Dispose();
        _network?.Dispose();
    }

    /// <summary>Above all that it starts: a program let through its gate would else keep the next one waiting at its own.</summary>
    private void RunLane(long startRealtimeNs, long sentNs)
    {
        ProcessControl.TryRealtimePriority(LanePriority);
        _lane!.Run(startRealtimeNs, sentNs);
    }

    private Process StartInNode(string node, ProcessStartInfo start)
    {
        try
        {
            return _network![node].Run(() => Process.Start(start)!);
        }
        catch (Win32Exception failure)
        {
            throw new StepFailedException($"{start.FileName} could not be started on {node}: {failure.Message}", failure);
        }
    }

    private List<StepPlan> Steps()
    {
        var nodes = _plan!.Topology!.Nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return [.. _plan.Steps.Where(s => nodes.Contains(s.Host))];
    }

    private void Watch()
    {
        while (!_isEnding)
        {
            reporter.Status(new LiveStatus(_links!.Status(), _traffic!.Status()));
            clock.WaitUntil(clock.MonotonicNs + StatusPeriodNs);
        }
    }
}
