using System.Buffers.Binary;
using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Packets;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack.Tests;

/// <summary>An endpoint with two tunnels over real sockets, one of which has no route; its router is in memory until it is ready.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EndpointSenderTests : IEndpointOutput, IRouterOutput, IDisposable
{
    private static readonly DatagramAddress Peer = DatagramAddress.FromIPv4(0xC0000201, 51820);

    private readonly Site _site = new("sender");
    private readonly EndpointSender _sender = new();
    private readonly DatagramSeal _seal = DatagramMacs.Seal("k");
    private readonly UdpSocket _target;
    private EndpointEngine _endpoint = null!;
    private RouterEngine _router = null!;
    private TunnelTime _now = ProgramHost.Now;
    private bool _isReal;

    public EndpointSenderTests()
    {
        _target = _site.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
        foreach (var remote in new[] { new IPEndPoint(IPAddress.Parse("203.0.113.9"), 51820), _target.LocalEndPoint })
        {
            _sender.Add(_site.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Any, 0))), remote);
        }
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(200)]
    public void Flush_NoRouteForTheActiveTunnel_EverythingGoesOverTheOther(int packets)
    {
        Begin(DataMode.Plain);
        var frame = Frame();
        for (var i = 0; i < packets; i++)
        {
            frame[TunnelHeader.Size + 20] = (byte)i;
            _endpoint.OnTunPacket(frame, _now);
        }

        _sender.Flush(_endpoint);
        Assert.That(_endpoint.ActiveTunnel, Is.EqualTo(1));
        var data = Received().Where(d => d[1] == TunnelHeader.DataType).ToList();
        Assert.That(data.Select(d => d[TunnelHeader.Size + 20]).Order(), Is.EqualTo(Enumerable.Range(0, packets).Select(i => (byte)i).Order()));
        Assert.That(data, Is.All.Matches<byte[]>(d => d![7] == 701 % 256 && _seal.Verify(d)), "sealed for the tunnel that carries them");
        Assert.That((_endpoint.DroppedPackets, _sender.Lost), Is.EqualTo((0L, 0L)));
    }

    [TestCase(DataMode.Duplicate)]
    [TestCase(DataMode.Replay)]
    public void Flush_NoRouteForNumberedData_EveryPacketUnderItsOneNumber(DataMode mode)
    {
        Begin(mode);
        var frame = Frame();
        for (var i = 0; i < 5; i++)
        {
            frame[TunnelHeader.Size + 20] = (byte)i;
            _endpoint.OnTunPacket(frame, _now);
        }

        _sender.Flush(_endpoint);
        var data = Received().Where(d => d[1] == TunnelHeader.NumberedDataType).ToList();
        Assert.That(data, Is.All.Matches<byte[]>(d => d![7] == 701 % 256 && _seal.Verify(d)), "sealed for the tunnel that carries them");
        var packets = data.Select(d => (Number: BinaryPrimitives.ReadUInt64BigEndian(d.AsSpan(TunnelHeader.Size)), Mark: d[TunnelHeader.Size + TunnelHeader.NumberSize + 20])).Distinct();
        Assert.That(packets.OrderBy(p => p.Number).Select(p => (int)p.Mark), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
    }

    [Test]
    public void Send_Keepalive_SaysAtOnceThatThereIsNoWay()
    {
        var keepalive = new byte[TunnelHeader.Size];
        (keepalive[0], keepalive[1]) = (1, (byte)PacketType.Keepalive);
        Assert.That((_sender.Send(0, keepalive), _sender.Send(1, keepalive)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Send_KeepaliveAfterData_DoesNotOvertake()
    {
        var data = Frame();
        (data[0], data[1]) = (1, TunnelHeader.DataType);
        var keepalive = new byte[TunnelHeader.Size];
        (keepalive[0], keepalive[1]) = (1, (byte)PacketType.Keepalive);
        Assert.That(_sender.Send(1, data), Is.True);
        Assert.That(Received(), Is.Empty, "data waits for the end of the turn");
        Assert.That(_sender.Send(1, keepalive), Is.True);
        Assert.That(Received().Select(d => d[1]), Is.EqualTo(new[] { TunnelHeader.DataType, (byte)PacketType.Keepalive }));
    }

    [Test]
    public void SendAndFlush_ManyPackets_AllocateNothing()
    {
        Begin(DataMode.Plain);
        var frame = Frame();
        (frame[0], frame[1]) = (1, TunnelHeader.DataType);
        Rounds(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Rounds(50);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Rounds(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                for (var packet = 0; packet < 50; packet++)
                {
                    _sender.Send(1, frame);
                }

                _sender.Flush(_endpoint);
            }
        }
    }

    public bool SendDatagram(int tunnel, ReadOnlySpan<byte> datagram)
    {
        if (_isReal)
        {
            return _sender.Send(tunnel, datagram);
        }

        _router.OnDatagram(datagram.ToArray(), Peer, _now);
        return true;
    }

    public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination) => _endpoint.OnDatagram(datagram[7] - (700 % 256), datagram.ToArray(), _now);

    public void WriteTun(ReadOnlySpan<byte> packet)
    {
    }

    public void Report(StackEvent stackEvent) => TestContext.Out.WriteLine(stackEvent);

    public void AddRoute(in IpPrefix prefix)
    {
    }

    public void RemoveRoute(in IpPrefix prefix)
    {
    }

    public void ClaimGateway()
    {
    }

    public void ReleaseGateway()
    {
    }

    public void Dispose()
    {
        _sender.Dispose();
        _target.Dispose();
        _seal.Dispose();
        _site.Dispose();
    }

    /// <summary>Both engines until the endpoint has chosen the tunnel without a route, whose datagrams reached the router in memory.</summary>
    private void Begin(DataMode mode)
    {
        _router = new RouterEngine(new RouterSettings { RouterId = "r", TunnelId = 1, Session = 1, PeerPort = 1 }, _seal, this, null, _now);
        _endpoint = new EndpointEngine(
            new EndpointSettings { EndpointId = "e", Number = 7, Session = 3, Paths = ["a", "b"], Routers = [new RouterTarget("r", "192.0.2.1")], Prefixes = [new IpPrefix(false, 0xC0000200, 28)], Timers = new PathTimers(10_000_000, 3), Mode = mode },
            _seal, this, _now);
        for (var i = 0; i < 20; i++)
        {
            _now = new TunnelTime(_now.MonotonicNs + 10_000_000, _now.RealtimeNs + 10_000_000);
            _endpoint.Advance(_now);
        }

        Assert.That(_endpoint.ActiveTunnel, Is.Zero);
        _isReal = true;
    }

    private static byte[] Frame()
    {
        var frame = new byte[TunnelHeader.Size + 1400];
        frame[32] = 0x45;
        (frame[44], frame[46], frame[47], frame[48]) = (192, 2, 2, 198);
        return frame;
    }

    private List<byte[]> Received()
    {
        var received = new List<byte[]>();
        var buffer = new byte[2000];
        while (_target.TryReceive(buffer, out _, out var length))
        {
            received.Add(buffer[..length]);
        }

        return received;
    }
}
