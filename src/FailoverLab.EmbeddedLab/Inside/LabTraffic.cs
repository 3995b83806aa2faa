using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Probing;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>The probe flows of a run: sockets opened in their nodes when armed, one sending thread a host and step, one receiving thread a host.</summary>
internal sealed class LabTraffic(LabNetwork network, IClock clock) : IDisposable
{
    private readonly List<FlowPlan> _flows = [];
    private readonly Dictionary<uint, UdpSocket> _sending = [];
    private readonly Dictionary<string, List<(FlowPlan Flow, UdpSocket Socket)>> _receiving = new(StringComparer.Ordinal);
    private readonly List<ProbeReceiver> _receivers = [];
    private readonly List<(string Host, ProbeSender Sender)> _senders = [];
    private readonly Lock _gate = new();

    /// <summary>Opens the sockets of a step's flows.</summary>
    public void Arm(TrafficStart start)
    {
        foreach (var flow in start.Flows)
        {
            _flows.Add(flow);
            _sending[flow.Id] = Open(flow.From, flow.Source, flow.Port);
            if (!_receiving.TryGetValue(flow.To, out var list))
            {
                _receiving[flow.To] = list = [];
            }

            list.Add((flow, Open(flow.To, flow.Destination, flow.Port)));
        }
    }

    /// <summary>Starts the receivers of everything armed; they wait for the first packet.</summary>
    public void StartReceiving()
    {
        foreach (var (host, flows) in _receiving)
        {
            IDatagramSocket[] sockets = [.. flows.Select(f => f.Socket)];
            IPollable[] members = [.. flows.Select(f => f.Socket)];
            _receivers.Add(ProbeReceiver.Start(host, sockets, new PollSet(members), [.. flows.Select(f => f.Flow.Id)], clock));
        }
    }

    /// <summary>Starts sending a step's flows.</summary>
    /// <param name="start">The step.</param>
    /// <param name="atRealtimeNs">Instant of the first packet.</param>
    public void Start(TrafficStart start, long atRealtimeNs)
    {
        var monotonicNs = ClockReading.Of(clock).ToMonotonicNs(atRealtimeNs);
        var flows = start.Flows
            .Select(f => new ProbeFlow(f.Id, _sending[f.Id], DatagramAddress.From(new IPEndPoint(f.Destination, f.Port)), f.Interval, f.Size, f.IsSizeCoded))
            .ToList();
        var host = start.Flows[0].From;
        lock (_gate)
        {
            _senders.Add((host, ProbeSender.Start(host, flows, monotonicNs, clock, RaisePriority)));
        }
    }

    /// <summary>Stops what a host sends.</summary>
    public void Stop(string host)
    {
        lock (_gate)
        {
            foreach (var (_, sender) in _senders.Where(s => s.Host == host))
            {
                sender.Dispose();
            }
        }
    }

    /// <summary>Stops all sending; what is under way is still received.</summary>
    public void StopAll()
    {
        foreach (var host in _flows.Select(f => f.From).Distinct())
        {
            Stop(host);
        }
    }

    /// <summary>Every flow as its two programs count it.</summary>
    public IReadOnlyList<FlowStatus> Status()
    {
        Dictionary<uint, SentFlow> sent;
        lock (_gate)
        {
            sent = _senders.SelectMany(s => s.Sender.Snapshot.Flows).ToDictionary(f => f.Id);
        }

        var received = _receivers.SelectMany(r => r.Snapshot.Flows).ToDictionary(f => f.Id);
        var nowNs = clock.MonotonicNs;
        return [.. _flows.Where(f => sent.ContainsKey(f.Id)).Select(f => Status(f, sent[f.Id], received[f.Id], nowNs))];
    }

    public void Dispose()
    {
        StopAll();
        foreach (var receiver in _receivers)
        {
            receiver.Dispose();
        }

        foreach (var socket in _sending.Values.Concat(_receiving.Values.SelectMany(l => l.Select(f => f.Socket))))
        {
            socket.Dispose();
        }
    }

    // Below the links: late probes blur an outage, a late link distorts it.
    private static void RaisePriority() => ProcessControl.TryRealtimePriority(10);

    private static FlowStatus Status(FlowPlan flow, SentFlow sent, ReceivedFlow received, long nowNs)
    {
        var silenceNs = received.LastArrivalNs is { } last ? nowNs - last : 0;
        return new FlowStatus(flow.Name, sent.Sent, received.Received, silenceNs, Math.Max(silenceNs, received.LongestSilenceNs));
    }

    private UdpSocket Open(string node, IPAddress address, int port) =>
        network[node].Run(() => UdpSocket.Bind(new IPEndPoint(address, port)));
}
