using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel.Tests;

/// <summary>Both engines joined without a wire: an inner packet goes out, is answered, and comes back within one call.</summary>
public sealed class EngineAllocationTests : IEndpointOutput, IRouterOutput
{
    private static readonly DatagramAddress Peer = DatagramAddress.FromIPv4(0xC0000201, 51820);

    private readonly byte[] _answer = new byte[TunnelHeader.Size + 1400];
    private readonly byte[] _toRouter = new byte[2048];
    private readonly byte[] _toEndpoint = new byte[2048];
    private EndpointEngine _endpoint = null!;
    private RouterEngine _router = null!;
    private TunnelTime _now = new(1_000_000_000, 1_700_000_000_000_000_000);
    private int _returned;

    [Test]
    public void Engines_PacketOutAndBack_AllocateNothing([Values(1, 2)] int version)
    {
        using var seal = new DatagramSeal("k");
        using var routerKeys = new RouterKeys(seal, "k", "r");
        using var endpointKeys = version == 1 ? EndpointKeys.Version1(seal) : EndpointKeys.Version2("k", ["r"]);
        _returned = 0;
        _router = new RouterEngine(new RouterSettings { RouterId = "r", TunnelId = 1, Session = 1, PeerPort = 1 }, routerKeys, this, null, _now);
        _endpoint = new EndpointEngine(
            new EndpointSettings { EndpointId = "e", Number = 7, Session = 3, Paths = ["a"], Routers = [new RouterTarget("r", "192.0.2.1")], Prefixes = [new IpPrefix(false, 0xC0000200, 28)], Timers = new PathTimers(10_000_000, 3) },
            endpointKeys, this, _now);
        for (var i = 0; i < 5; i++)
        {
            _now = new TunnelTime(_now.MonotonicNs + 10_000_000, _now.RealtimeNs + 10_000_000);
            _endpoint.Advance(_now);
        }

        var frame = new byte[TunnelHeader.Size + 1400];
        frame[32] = 0x45;
        (frame[44], frame[46], frame[47], frame[48]) = (192, 2, 2, 198);
        Send(frame, 200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(frame, 3000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(_returned, Is.EqualTo(3200));
    }

    public bool SendDatagram(int tunnel, ReadOnlySpan<byte> datagram)
    {
        _router.OnDatagram(Copy(datagram, _toRouter), Peer, _now);
        return true;
    }

    public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination) => _endpoint.OnDatagram(0, Copy(datagram, _toEndpoint), _now);

    public void WriteTun(ReadOnlySpan<byte> packet)
    {
        if (packet[12] != 192)
        {
            _returned++;
            return;
        }

        packet.CopyTo(_answer.AsSpan(TunnelHeader.Size));
        packet[12..16].CopyTo(_answer.AsSpan(TunnelHeader.Size + 16));
        packet[16..20].CopyTo(_answer.AsSpan(TunnelHeader.Size + 12));
        _router.OnTunPacket(_answer.AsSpan(0, TunnelHeader.Size + packet.Length), _now);
    }

    public void Report(StackEvent stackEvent)
    {
    }

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

    private static Span<byte> Copy(ReadOnlySpan<byte> datagram, byte[] to)
    {
        datagram.CopyTo(to);
        return to.AsSpan(0, datagram.Length);
    }

    private void Send(byte[] frame, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _endpoint.OnTunPacket(frame, _now);
        }
    }
}
