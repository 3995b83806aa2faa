using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Packets;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack.Tests;

/// <summary>Packets of a real TUN through the loop, over loopback in trains, and back into the TUN.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PacketLoopTests : IDisposable
{
    private const int PacketLength = 1000 + 28;

    private static readonly DatagramAddress Peer = DatagramAddress.FromIPv4(0xC0000282, 7001);

    private readonly Site _site = new("loop");
    private readonly PacketLoop _loop;
    private readonly UdpSocket _application;
    private readonly TrainSocket _sender;
    private readonly TrainSocket _receiver;
    private readonly DatagramAddress _target;
    private readonly DatagramTrain _train = new(TrainSocket.MaxBytes, TrainSocket.MaxDatagrams);
    private readonly byte[] _payload = new byte[1000];
    private readonly List<int> _sizesSent = [];
    private readonly PacketLoop.FrameHandler _onFrame;
    private readonly PacketLoop.DatagramHandler<int> _onDatagram;
    private readonly Action _send;
    private int _sends;
    private int _frames;
    private int _datagrams;

    public PacketLoopTests()
    {
        (_onFrame, _onDatagram, _send) = (OnFrame, OnDatagram, Send);
        // With IPv6 the kernel says hello on a new interface, and the counts below would be off.
        _site.Namespace.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"));
        _loop = new PacketLoop(_site.Namespace.Run(() => OffloadTun.Create("tun0")));
        _site.Ip("link set tun0 up", "address add 192.0.2.129/28 dev tun0");
        _application = Bind("192.0.2.129");
        _sender = new TrainSocket(Bind("127.0.0.1"));
        var receiver = Bind("127.0.0.1");
        _target = DatagramAddress.From(receiver.LocalEndPoint);
        _receiver = new TrainSocket(receiver);
    }

    [Test]
    public void Drain_BothWays_AllocatesNothing()
    {
        Rounds(30);
        _sizesSent.Clear();
        _sizesSent.EnsureCapacity(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Rounds(100);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That((_frames, _datagrams), Is.EqualTo((130 * 20, 130 * 20)));
    }

    [Test]
    public void Drain_OnePacketAtATime_SentBeforeTheNextIsLookedFor()
    {
        for (var i = 0; i < 3; i++)
        {
            _application.Send(_payload, Peer);
            _loop.Drain(_onFrame, _send);
        }

        // The first drain does not know yet that packets come alone; the others send, look, and find nothing more to send.
        Assert.That((_frames, _sends), Is.EqualTo((3, 5)));
        Assert.That(_sizesSent, Is.EqualTo(new[] { 1, 1, 1 }));
    }

    [Test]
    public void Drain_ManyWaiting_LeaveInOneTrain()
    {
        for (var i = 0; i < 20; i++)
        {
            _application.Send(_payload, Peer);
        }

        _loop.Drain(_onFrame, _send);
        Assert.That(_sizesSent, Is.EqualTo(new[] { 20 }));
    }

    public void Dispose()
    {
        _application.Dispose();
        _sender.Dispose();
        _receiver.Dispose();
        _loop.Dispose();
        _site.Dispose();
    }

    private UdpSocket Bind(string address) => _site.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse(address), 0)));

    private void Rounds(int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            for (var packet = 0; packet < 20; packet++)
            {
                _application.Send(_payload, Peer);
            }

            _loop.Drain(_onFrame, _send);
            _loop.Drain(_receiver, 0, _onDatagram);
        }
    }

    private void OnFrame(Span<byte> frame, in TunnelTime now)
    {
        _frames += frame.Length == TunnelHeader.Size + PacketLength ? 1 : 0;
        _train.TryAdd(frame[TunnelHeader.Size..]);
    }

    private void OnDatagram(int state, Span<byte> datagram, in DatagramAddress source, in TunnelTime now)
    {
        _datagrams += datagram.Length == PacketLength ? 1 : 0;
        _loop.WriteTun(datagram);
    }

    private void Send()
    {
        _sends++;
        if (_train.Count > 0)
        {
            _sizesSent.Add(_train.Count);
            _sender.SendTrain(_train.Bytes, _train.Size, _target);
            _train.Clear();
        }
    }
}
