using FailoverLab.Dataplane;
using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

/// <summary>
/// One endpoint, two routers, three paths, in virtual time: the real engines joined by links that lose, delay, reorder and fall silent. Every datagram on
/// the wire is kept for a recorder that throws some of them back in later, at the same or another receiver.
/// </summary>
internal sealed class TunnelWorld : IDisposable
{
    public const int Paths = 3;
    public const int Routers = 2;
    public const long KeepaliveNs = 20_000_000;
    public const long HoldNs = 400_000_000;
    private const long RealtimeOffset = 1_700_000_000_000_000_000;

    private readonly PriorityQueue<Action, (long At, long Order)> _agenda = new();
    private readonly SeededRandom _random;
    private readonly EndpointOutput _endpointOutput;
    private readonly byte[] _packet = new byte[TunnelHeader.Size + 60];
    private long _order;
    private ulong _session = 1;

    public TunnelWorld(ulong seed, int version = 1)
    {
        Version = version;
        _random = new SeededRandom(seed);
        Seal = new DatagramSeal("a key");
        Keys = version == 1 ? EndpointKeys.Version1(Seal) : EndpointKeys.Version2("a key", ["r0", "r1"]);
        _endpointOutput = new EndpointOutput(this);
        for (var i = 0; i < Paths; i++)
        {
            (Out[i], Back[i]) = (new LinkState { DelayNs = PathDelay(i) }, new LinkState { DelayNs = PathDelay(i) });
        }

        for (var r = 0; r < Routers; r++)
        {
            RouterSites[r] = new RouterSite(this, r);
        }

        StartEndpoint();
        for (var r = 0; r < Routers; r++)
        {
            StartRouter(r);
        }
    }

    public long NowNs { get; private set; } = 1_000_000_000;

    public TunnelTime Now => new(NowNs, NowNs + RealtimeOffset);

    public int Version { get; }

    public DatagramSeal Seal { get; }

    public EndpointKeys Keys { get; }

    public LinkState[] Out { get; } = new LinkState[Paths];

    public LinkState[] Back { get; } = new LinkState[Paths];

    public RouterSite[] RouterSites { get; } = new RouterSite[Routers];

    public EndpointEngine Endpoint { get; private set; } = null!;

    public List<StackEvent> Events { get; } = [];

    /// <summary>Datagrams as sent, with the receiver they were for: -1 = endpoint, else the router.</summary>
    public List<(int To, int Tunnel, byte[] Datagram)> Recorded { get; } = [];

    public int DataDelivered { get; private set; }

    public int AnswersDelivered { get; private set; }

    public long LastAnswerNs { get; private set; }

    public List<long> Switches { get; } = [];

    public static IpPrefix Lan { get; } = new(false, 0xC0000200, 28);

    public SeededRandom Random => _random;

    public void At(long ns, Action action) => _agenda.Enqueue(action, (ns, _order++));

    public void StartEndpoint()
    {
        var settings = new EndpointSettings
        {
            EndpointId = "endpoint_1",
            Number = 1,
            Session = ++_session,
            Paths = ["a", "b", "c"],
            Routers = [new RouterTarget("r0", "192.0.2.100"), new RouterTarget("r1", "192.0.2.101")],
            Prefixes = [Lan],
            Timers = new PathTimers(KeepaliveNs, 3),
            Sla = PathSla.Default with { Window = TimeSpan.FromMilliseconds(400) },
            HoldTime = TimeSpan.FromTicks(HoldNs / 100),
        };
        Endpoint = new EndpointEngine(settings, Keys, _endpointOutput, Now);
    }

    public void StartRouter(int router) => RouterSites[router].Start(++_session, Now);

    /// <summary>Runs to a time, an inner packet every 20 ms; after every step the check runs.</summary>
    public void RunUntil(long ns, Action? check = null)
    {
        var nextPacket = NowNs;
        while (true)
        {
            var due = Math.Min(Endpoint.NextDeadlineNs, RouterSites.Min(r => r.Engine?.NextDeadlineNs ?? long.MaxValue));
            due = Math.Min(due, nextPacket);
            due = _agenda.TryPeek(out _, out var first) ? Math.Min(due, first.At) : due;
            if (due > ns)
            {
                NowNs = ns;
                return;
            }

            NowNs = Math.Max(NowNs, due);
            while (_agenda.TryPeek(out _, out var head) && head.At <= NowNs)
            {
                _agenda.Dequeue()();
            }

            if (NowNs >= nextPacket)
            {
                nextPacket += 20_000_000;
                SendInner();
            }

            Advance();
            check?.Invoke();
        }
    }

    public void Deliver(int to, int tunnel, byte[] datagram)
    {
        if (to < 0)
        {
            Endpoint.OnDatagram(tunnel, datagram.ToArray(), Now);
        }
        else
        {
            RouterSites[to].Engine?.OnDatagram(datagram.ToArray(), AddressOf(tunnel), Now);
        }
    }

    public void Dispose()
    {
        Keys.Dispose();
        Array.ForEach(RouterSites, r => r.Dispose());
        Seal.Dispose();
    }

    public static DatagramAddress AddressOf(int tunnel) => DatagramAddress.FromIPv4(0x0A000000u + (uint)tunnel, 1000);

    private static long PathDelay(int path) => path switch { 0 => 20_000_000, 1 => 22_000_000, _ => 4_000_000 };

    private void Advance()
    {
        if (NowNs >= Endpoint.NextDeadlineNs)
        {
            Endpoint.Advance(Now);
        }

        foreach (var site in RouterSites)
        {
            if (site.Engine is { } engine && NowNs >= engine.NextDeadlineNs)
            {
                engine.Advance(Now);
            }
        }
    }

    private void SendInner()
    {
        var inner = _packet.AsSpan(TunnelHeader.Size);
        inner[0] = 0x45;
        (inner[12], inner[13], inner[14], inner[15]) = (192, 0, 2, 2);
        (inner[16], inner[17], inner[18], inner[19]) = (198, 51, 100, 10);
        Endpoint.OnTunPacket(_packet, Now);
    }

    private void Travel(LinkState link, int to, int tunnel, byte[] datagram)
    {
        if (Recorded.Count < 20_000)
        {
            Recorded.Add((to, tunnel, datagram));
        }

        if (!link.Up || _random.NextDouble() < link.Loss)
        {
            return;
        }

        var delay = link.DelayNs + (long)((_random.NextDouble() - 0.5) * 2 * link.JitterNs);
        At(NowNs + Math.Max(0, delay), () => Deliver(to, tunnel, datagram));
    }

    internal sealed class RouterSite(TunnelWorld world, int index) : IRouterOutput, IDisposable
    {
        private readonly RouterKeys _keys = world.Version == 1 ? new RouterKeys(world.Seal) : new RouterKeys(null, "a key", $"r{index}");

        public RouterEngine? Engine { get; private set; }

        public bool HoldsGateway { get; private set; }

        public void Start(ulong session, TunnelTime now)
        {
            var settings = new RouterSettings { RouterId = $"r{index}", TunnelId = 1001 + (uint)index, Session = session, PeerPort = 51820, Version = world.Version };
            (Engine, HoldsGateway) = (new RouterEngine(settings, _keys, this, null, now), false);
        }

        public void Dispose() => _keys.Dispose();

        public void Kill() => (Engine, HoldsGateway) = (null, false);

        public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination)
        {
            var copy = datagram.ToArray();
            if (destination.Port == 51820)
            {
                var other = (int)(destination.IPv4 - 0xC0000264u);
                world.At(world.NowNs + 1_000_000, () => world.RouterSites[other].Engine?.OnDatagram(copy, DatagramAddress.FromIPv4(0xC0000264u + (uint)index, 51820), world.Now));
                return;
            }

            var tunnel = (int)(destination.IPv4 - 0x0A000000u);
            world.Travel(world.Back[tunnel % Paths], -1, tunnel, copy);
        }

        public void WriteTun(ReadOnlySpan<byte> packet)
        {
            world.DataDelivered++;
            var holder = Array.FindLast(world.RouterSites, r => r.HoldsGateway);
            if (holder?.Engine is not { } engine)
            {
                return;
            }

            var answer = new byte[TunnelHeader.Size + packet.Length];
            packet.CopyTo(answer.AsSpan(TunnelHeader.Size));
            packet[12..16].CopyTo(answer.AsSpan(TunnelHeader.Size + 16));
            packet[16..20].CopyTo(answer.AsSpan(TunnelHeader.Size + 12));
            world.At(world.NowNs + 100_000, () => engine.OnTunPacket(answer, world.Now));
        }

        public void Report(StackEvent stackEvent) => world.Events.Add(stackEvent);

        public void AddRoute(in IpPrefix prefix)
        {
        }

        public void RemoveRoute(in IpPrefix prefix)
        {
        }

        public void ClaimGateway() => HoldsGateway = true;

        public void ReleaseGateway() => HoldsGateway = false;
    }

    private sealed class EndpointOutput(TunnelWorld world) : IEndpointOutput
    {
        public bool SendDatagram(int tunnel, ReadOnlySpan<byte> datagram)
        {
            world.Travel(world.Out[tunnel % Paths], tunnel / Paths, tunnel, datagram.ToArray());
            return true;
        }

        public void WriteTun(ReadOnlySpan<byte> packet)
        {
            world.AnswersDelivered++;
            world.LastAnswerNs = world.NowNs;
        }

        public void Report(StackEvent stackEvent)
        {
            world.Events.Add(stackEvent);
            if (stackEvent.Name == StackEventNames.SwitchDecided)
            {
                world.Switches.Add(world.NowNs);
            }
        }
    }
}
