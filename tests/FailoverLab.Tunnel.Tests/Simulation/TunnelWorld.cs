using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

/// <summary>
/// One endpoint, two routers, three paths, in virtual time: the real engines joined by links that lose, delay, reorder and fall silent. Every datagram on
/// the wire is kept for a recorder that throws some of them back in later, at the same or another receiver.
/// </summary>
internal sealed partial class TunnelWorld : IDisposable
{
    public const int Paths = 3;
    public const int Routers = 2;
    public const long KeepaliveNs = 20_000_000;
    public const long HoldNs = 400_000_000;
    private const long RealtimeOffset = 1_700_000_000_000_000_000;

    // Ordered by time, and by order of entry within one nanosecond: both in one number.
    private const int OrderBits = 24;
    private readonly PriorityQueue<Due, long> _agenda = new();
    private readonly byte[] _arriving = new byte[2048];
    private readonly SeededRandom _random;
    private readonly EndpointOutput _endpointOutput;
    private readonly byte[] _packet = new byte[TunnelHeader.Size + 60];
    private readonly HashSet<ulong> _answered = [];
    private readonly long[] _clockNs = [RealtimeOffset, RealtimeOffset, RealtimeOffset];
    private readonly StampClock[] _stamps = [new(), new(), new()];
    private readonly (DataMode Mode, bool ByScore, bool FollowBalancer) _manner;
    private readonly long[] _awakeNs = new long[1 + Routers];
    private readonly KeepalivePacing _pacing;
    private long _order;
    private long _nextPacketNs;
    private ulong _session = 1;
    private ulong _packets;
    private int _acksToLose;
    private int _activationsToLose;
    private bool _routersReach = true;

    public TunnelWorld(ulong seed, DataMode mode = DataMode.Plain, bool byScore = false, bool followBalancer = false, int version = 1, KeepalivePacing? pacing = null)
    {
        Version = version;
        _random = new SeededRandom(seed);
        _pacing = pacing ?? KeepalivePacing.Default;
        _manner = (mode, byScore, followBalancer);
        // As the programs do: the framework's HMAC takes a third of all the time.
        Seal = CryptoMac.TryCreate(DatagramSeal.KeyOf("a key")) is { } direct ? new DatagramSeal(direct) : new DatagramSeal("a key");
        Keys = version == 1 ? EndpointKeys.Version1(Seal) : EndpointKeys.Version2("a key", ["r0", "r1"]);
        _endpointOutput = new EndpointOutput(this);
        for (var i = 0; i < Paths; i++)
        {
            (Out[i], Back[i]) = (new LinkState(PathDelay(i)), new LinkState(PathDelay(i)));
        }

        for (var r = 0; r < Routers; r++)
        {
            RouterSites[r] = new RouterSite(this, r);
        }

        _nextPacketNs = NowNs;
        StartEndpoint();
        for (var r = 0; r < Routers; r++)
        {
            StartRouter(r);
        }
    }

    public long NowNs { get; private set; } = 1_000_000_000;

    /// <summary>The endpoint's clocks.</summary>
    public TunnelTime Now => _stamps[0].Read(NowNs, NowNs + _clockNs[0]);

    /// <summary>What was seen to be wrong in passing; <see langword="null"/> while nothing was.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether everything due at this instant was done.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Time between two inner packets.</summary>
    public long PacketIntervalNs { get; set; } = 20_000_000;

    /// <summary>Whether some path is as at first, and a router is there.</summary>
    public bool HasGoodPath => RouterSites.Any(r => r.Engine is not null) && Enumerable.Range(0, Paths).Any(IsGood);

    /// <summary>What is lost beside chance, by the datagram; <see langword="null"/> loses nothing more.</summary>
    public Func<byte[], bool>? LosesToo { get; set; }

    /// <summary>Inner packets sent.</summary>
    public ulong PacketsSent => _packets;

    public int Version { get; }

    public DatagramSeal Seal { get; }

    public EndpointKeys Keys { get; }

    public LinkState[] Out { get; } = new LinkState[Paths];

    public LinkState[] Back { get; } = new LinkState[Paths];

    public RouterSite[] RouterSites { get; } = new RouterSite[Routers];

    public EndpointEngine Endpoint { get; private set; } = null!;

    public List<(long Seen, StackEvent Event)> Events { get; } = [];

    /// <summary>Datagrams as sent, with the receiver they were for: -1 = endpoint, else the router.</summary>
    public List<(int To, int Tunnel, byte[] Datagram)> Recorded { get; } = [];

    /// <summary>Inner packets that reached the far side, over one router or the other.</summary>
    public HashSet<ulong> Delivered { get; } = [];

    public int DataDelivered { get; private set; }

    public int AnswersDelivered { get; private set; }

    public long LastAnswerNs { get; private set; }

    public List<long> Switches { get; } = [];

    public static IpPrefix Lan { get; } = new(false, 0xC0000200, 28);

    public SeededRandom Random => _random;

    public void At(long ns, Action action) => Enqueue(ns, new Due(action, 0, 0, null));

    public bool HasGoodPathTo(int router) => RouterSites[router].Engine is not null && Enumerable.Range(0, Paths).Any(IsGood);

    public bool HasAnswer(ulong number) => _answered.Contains(number);

    public (LinkState Out, LinkState Back) LinkOf(int tunnel) => (Out[tunnel % Paths], Back[tunnel % Paths]);

    /// <summary>Lets a program stand still: it neither reads nor sends, and what comes meanwhile waits for it.</summary>
    /// <param name="program">0 = the endpoint, then the routers.</param>
    /// <param name="ns">How long.</param>
    private void Pause(int program, long ns) => _awakeNs[program] = NowNs + ns;

    /// <summary>Lets something happen.</summary>
    public void Disturb(in Disturbance what)
    {
        IsSettled = false;
        var (path, amount) = (what.Target, what.Amount);
        switch (what.Kind)
        {
            case DisturbanceKind.Cut:
                Out[path].Up = Back[path].Up = false;
                break;
            case DisturbanceKind.CutOut:
                Out[path].Up = false;
                break;
            case DisturbanceKind.CutBack:
                Back[path].Up = false;
                break;
            case DisturbanceKind.LinkDown:
                Out[path].Up = Back[path].Up = false;
                Endpoint.OnLink(path, false, Now);
                break;
            case DisturbanceKind.Unreachable:
                Out[path].Up = Back[path].Up = !(Out[path].IsRefused = true);
                break;
            case DisturbanceKind.Loss:
                Out[path].Loss = Back[path].Loss = amount / 100.0;
                break;
            case DisturbanceKind.Delay:
                Out[path].DelayNs = Back[path].DelayNs = amount * 1_000_000L;
                break;
            case DisturbanceKind.Copies:
                Out[path].Copies = Back[path].Copies = amount / 100.0;
                break;
            case DisturbanceKind.Heal:
                Out[path].Heal();
                Back[path].Heal();
                Endpoint.OnLink(path, true, Now);
                break;
            case DisturbanceKind.Kill:
                RouterSites[path].Kill();
                break;
            case DisturbanceKind.Start:
                StartRouter(path);
                break;
            case DisturbanceKind.Restart:
                StartEndpoint();
                break;
            case DisturbanceKind.ClockJump:
                _clockNs[what.Target] += amount * 1_000_000_000L;
                break;
            case DisturbanceKind.Balancer:
                Endpoint.OnDecision($"r{what.Target}", Now);
                break;
            case DisturbanceKind.LoseAcks:
                _acksToLose = amount;
                break;
            case DisturbanceKind.LoseActivations:
                _activationsToLose = amount;
                break;
            case DisturbanceKind.Pause:
                Pause(what.Target, amount * 1_000_000L);
                break;
            case DisturbanceKind.Partition:
                _routersReach = amount != 0;
                break;
            default:
                ThrowBack(amount);
                break;
        }
    }

    public string Story() => string.Join('\n', Events.Select(e =>
        FormattableString.Invariant($"{e.Seen / 1e6 - 1000,10:0.000} {e.Event.Name} {e.Event.Path} {e.Event.Router} {e.Event.Reason} {e.Event.FromPath}>{e.Event.ToPath} {e.Event.Correlation} {e.Event.Detail}")));

    private bool IsGood(int path) => Out[path].IsGood && Back[path].IsGood;

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
            Mode = _manner.Mode,
            Pacing = _pacing,
            ByScore = _manner.ByScore,
            FollowBalancer = _manner.FollowBalancer,
        };
        Endpoint = new EndpointEngine(settings, Keys, _endpointOutput, Now);
    }

    public void StartRouter(int router) => RouterSites[router].Start(++_session);

    /// <summary>Runs to a time, an inner packet every 20 ms; after every step the check runs.</summary>
    public void RunUntil(long ns, Action? check = null)
    {
        var nextPacket = _nextPacketNs;
        while (true)
        {
            var due = Math.Min(Math.Max(Endpoint.NextDeadlineNs, _awakeNs[0]), nextPacket);
            for (var r = 0; r < Routers; r++)
            {
                due = Math.Min(due, Math.Max(RouterSites[r].Engine?.NextDeadlineNs ?? long.MaxValue, _awakeNs[1 + r]));
            }

            due = _agenda.TryPeek(out _, out var first) ? Math.Min(due, first >> OrderBits) : due;
            if (due > ns)
            {
                (NowNs, _nextPacketNs) = (ns, nextPacket);
                return;
            }

            NowNs = Math.Max(NowNs, due);
            IsSettled = NowNs >= _awakeNs[0];
            while (_agenda.TryPeek(out var head, out var at) && at >> OrderBits <= NowNs)
            {
                _agenda.Dequeue();
                head.Happen(this);
            }

            if (NowNs >= nextPacket)
            {
                nextPacket += PacketIntervalNs;
                SendInner();
            }

            Advance();
            check?.Invoke();
        }
    }

    public void Deliver(int to, int tunnel, byte[] datagram)
    {
        if (NowNs < _awakeNs[to + 1])
        {
            Enqueue(_awakeNs[to + 1], new Due(null, to, tunnel, datagram));
            return;
        }

        // An engine may open it in place, and the recorder throws the same one in again.
        var arrived = _arriving.AsSpan(0, datagram.Length);
        datagram.CopyTo(arrived);
        if (to < 0)
        {
            Endpoint.OnDatagram(tunnel, arrived, Now);
        }
        else
        {
            RouterSites[to].Engine?.OnDatagram(arrived, AddressOf(tunnel), RouterSites[to].Now);
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

    private void Enqueue(long ns, in Due due) => _agenda.Enqueue(due, (ns << OrderBits) | _order++);

    private void Advance()
    {
        if (NowNs >= Math.Max(Endpoint.NextDeadlineNs, _awakeNs[0]))
        {
            Endpoint.Advance(Now);
        }

        for (var r = 0; r < Routers; r++)
        {
            if (RouterSites[r].Engine is { } engine && NowNs >= Math.Max(engine.NextDeadlineNs, _awakeNs[1 + r]))
            {
                engine.Advance(RouterSites[r].Now);
            }
        }
    }

    private void SendInner()
    {
        var inner = _packet.AsSpan(TunnelHeader.Size);
        inner[0] = 0x45;
        (inner[12], inner[13], inner[14], inner[15]) = (192, 0, 2, 2);
        (inner[16], inner[17], inner[18], inner[19]) = (198, 51, 100, 10);
        inner[9] = 17;
        BinaryPrimitives.WriteUInt16BigEndian(inner[20..], (ushort)(40_000 + (_packets % 8)));
        BinaryPrimitives.WriteUInt64BigEndian(inner[28..], ++_packets);
        if (NowNs >= _awakeNs[0])
        {
            Endpoint.OnTunPacket(_packet, Now);
        }
    }

    private void Travel(LinkState link, int to, int tunnel, byte[] datagram)
    {
        if (!link.Up || IsLost(datagram[1]) || LosesToo?.Invoke(datagram) == true || (link.Loss > 0 && _random.NextDouble() < link.Loss))
        {
            return;
        }

        var copies = link.Copies > 0 && _random.NextDouble() < link.Copies ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var delay = link.DelayNs + (long)((_random.NextDouble() - 0.5) * 2 * link.JitterNs);
            Enqueue(NowNs + Math.Max(0, delay), new Due(null, to, tunnel, datagram));
        }

        if (Recorded.Count < 4000)
        {
            Recorded.Add((to, tunnel, datagram));
        }
    }

    /// <summary>Whether a control datagram is one of those that shall be lost.</summary>
    private bool IsLost(byte type)
    {
        ref var left = ref type == (byte)PacketType.EndpointActivation ? ref _activationsToLose : ref _acksToLose;
        if (left == 0 || type is not ((byte)PacketType.EndpointActivation or (byte)PacketType.ActivationAck))
        {
            return false;
        }

        left--;
        return true;
    }

    /// <summary>Throws recorded datagrams back in, at their receiver, at the other router, and at their own sender. What was delivered once must not be again: every packet has its number.</summary>
    private void ThrowBack(int count)
    {
        for (var i = 0; i < count && Recorded.Count > 0; i++)
        {
            var (to, tunnel, datagram) = Recorded[_random.Next(Recorded.Count)];
            Deliver(to, tunnel, datagram);
            Deliver(to, tunnel, datagram);
            Deliver(to < 0 ? tunnel / Paths : -1, tunnel, datagram);
            if (to >= 0)
            {
                Deliver(1 - to, tunnel, datagram);
            }
        }
    }

    /// <summary>What happens at an instant: an arrival, or anything else.</summary>
    private readonly record struct Due(Action? Action, int To, int Tunnel, byte[]? Datagram)
    {
        public void Happen(TunnelWorld world)
        {
            if (Datagram is not null)
            {
                world.Deliver(To, Tunnel, Datagram);
            }

            Action?.Invoke();
        }
    }
}
