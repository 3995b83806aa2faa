using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Emulator;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Probing;
using FailoverLab.Results;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>The gauge in the lab process: its topology, its gates, one probe flow through them, captures of all of it.</summary>
internal sealed class GaugeBench : IDisposable
{
    private const int PayloadBytes = 64;
    private const int SnapLength = 128;
    private const long StartInNs = 300_000_000;
    private const long WarmUpPatienceNs = 5_000_000_000;
    private const long WarmUpStepNs = 30_000_000;
    private const long AfterwardsNs = 200_000_000;
    private readonly IClock _clock;
    private readonly LabNetwork _network;
    private readonly GaugeGate[] _gates = [.. GaugeTopology.Paths.Select((_, i) => new GaugeGate(i))];
    private readonly List<WanLink> _links = [];
    private readonly LabCaptures _captures;
    private readonly UdpSocket _sending;
    private readonly UdpSocket _receiving;
    private readonly ProbeReceiver _receiver;
    private readonly DatagramAddress[] _targets = [.. GaugeTopology.Targets.Select(t => DatagramAddress.From(new IPEndPoint(t, GaugeTopology.Port)))];

    /// <summary>Builds it; this process must be alone in its mount and network namespaces.</summary>
    /// <param name="directory">Captures go below it.</param>
    /// <param name="reporter">Hears of links and captures that fail.</param>
    /// <param name="clock">The kernel's clocks.</param>
    /// <exception cref="LabException">The kernel or iproute2 refused.</exception>
    public GaugeBench(string directory, LabReporter reporter, IClock clock)
    {
        _clock = clock;
        _network = LabNetwork.Build(GaugeTopology.Plan);
        foreach (var (plan, gate) in GaugeTopology.Plan.WanLinks.Zip(_gates))
        {
            var (lan, wan) = _network[plan.Wanulator].Run(() => (PacketSocket.Open(WanulatorPorts.Lan, ring: true), PacketSocket.Open(WanulatorPorts.Wan, ring: true)));
            _links.Add(WanLink.Start(
                plan.Name, lan, wan, LinkSettings.Of(plan.Profile, seed: 0), seed: 0, clock, failure => reporter.Fault(plan.Wanulator, failure), gate.Passes));
        }

        _captures = new LabCaptures(_network, reporter, clock);
        foreach (var point in GaugeTopology.Points)
        {
            _captures.Arm(point.Node, [point.Interface], SnapLength, directory);
        }

        _captures.StartDraining();
        _sending = Bind(GaugeTopology.Sender);
        _receiving = Bind(GaugeTopology.Receiver);
        _receiver = ProbeReceiver.Start(GaugeTopology.Receiver, [_receiving], new PollSet(_receiving), [GaugeTopology.FlowId], clock);
    }

    /// <summary>Sends the flow through all cuts.</summary>
    /// <exception cref="LabException">A path does not forward.</exception>
    public GaugeOutcome Run(GaugePlan plan)
    {
        WarmUp();
        var (startMonotonicNs, startRealtimeNs) = (_clock.MonotonicNs + StartInNs, _clock.RealtimeNs + StartInNs);
        var cuts = plan.Cuts.Select(c => c.After(startRealtimeNs)).ToList();
        var gauge = new GaugeSwitch(cuts);
        foreach (var gate in _gates)
        {
            gate.Arm(gauge);
        }

        foreach (var point in GaugeTopology.Points)
        {
            _captures.Start(point.Node, _clock.RealtimeNs);
        }

        using var watch = new StallWatch(_clock, plan.Interval);
        var socket = new GaugeSocket(_sending, _targets, gauge, _clock);
        var flow = new ProbeFlow(GaugeTopology.FlowId, socket, _targets[0], plan.Interval, PayloadBytes);
        var sender = ProbeSender.Start(GaugeTopology.Sender, [flow], startMonotonicNs, _clock, () => ProcessControl.TryRealtimePriority(10));
        _clock.WaitUntil(startMonotonicNs + GaugeSchedule.EndNs(plan.Cuts, plan.Interval));
        sender.Dispose();
        _clock.WaitUntil(_clock.MonotonicNs + AfterwardsNs + GaugeTopology.Paths.Max(p => p.Delay.Ticks * TimeSpan.NanosecondsPerTick));
        return Outcome(cuts, sender.Snapshot.LatenessMaxNs, _captures.StopAll(), watch.Seen());
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _sending.Dispose();
        _receiving.Dispose();
        _captures.Dispose();
        foreach (var link in _links)
        {
            link.Dispose();
        }

        _network.Dispose();
    }

    private UdpSocket Bind(string node) => _network[node].Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Any, GaugeTopology.Port)));

    /// <summary>Sends over each path until something comes out, so that hosts know each other's addresses and code is compiled.</summary>
    private void WarmUp()
    {
        for (var path = 0; path < _targets.Length; path++)
        {
            var deadlineNs = _clock.MonotonicNs + WarmUpPatienceNs;
            var before = _receiver.Snapshot.Foreign;
            while (_receiver.Snapshot.Foreign == before)
            {
                if (_clock.MonotonicNs > deadlineNs)
                {
                    throw new LabException($"path {GaugeTopology.Paths[path].Name} of the gauge forwards nothing");
                }

                _sending.Send("warm-up"u8, _targets[path]);
                _clock.WaitUntil(_clock.MonotonicNs + WarmUpStepNs);
            }
        }
    }

    private GaugeOutcome Outcome(List<GaugeCut> cuts, long senderLatenessNs, IReadOnlyList<CaptureCount> captures, IReadOnlyList<Stall> stalls)
    {
        var counters = _links.ConvertAll(l => l.Counters);
        return new GaugeOutcome
        {
            Cuts = cuts,
            Captures = captures,
            Swallowed = _gates.Sum(g => g.Swallowed),
            LostOtherwise = counters.Sum(c => c.RefusedByKernel + c.Oversized + c.Up.DroppedByCapacity + c.Down.DroppedByCapacity)
                + (_links.TrueForAll(l => l.IsRunning) ? 0 : 1),
            Stalls = [.. stalls.Select(s => new MachineStall(s.AtNs, s.DurationNs, s.IsUrgent))],
            SenderLatenessNs = senderLatenessNs,
            PathLatenessNs = counters.Max(c => c.LatenessMaxNs),
        };
    }
}
