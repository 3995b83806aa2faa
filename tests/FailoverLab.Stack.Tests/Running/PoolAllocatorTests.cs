using FailoverLab.Dataplane;
using FailoverLab.Packets;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack.Tests;

/// <summary>A router with subnets to give, asked by a foreign endpoint of version 1 over datagrams.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PoolAllocatorTests : IRouterOutput, IDisposable
{
    private static readonly DatagramAddress Peer = DatagramAddress.FromIPv4(0xC0000202, 4000);

    private readonly DatagramSeal _seal = new("k");
    private readonly Dictionary<uint, TunnelChannel> _peers = [];
    private readonly List<string> _answers = [];
    private readonly List<StackEvent> _events = [];
    private TunnelTime _now = new(1_000_000_000, 1_700_000_000_000_000_000);
    private RouterEngine? _router;

    [Test]
    public void Allocate_OverTheWire_OneOfEachFamilyAndTheSameAgain()
    {
        Begin("10.100.0.0/16", "fd00:100::/32");
        Ask(1, """{"endpoint_id":"e1"}""");
        Ask(2, """{"endpoint_id":"e2"}""");
        Ask(1, """{"endpoint_id":"e1","reconnect":true,"previous_subnet":"10.100.9.0/24"}""");
        const string First = """{"endpoint_id":"e1","success":true,"subnet_ipv4":"10.100.0.0/24","subnet_ipv6":"fd00:100::/64","gateway_ipv4":"10.100.0.1","gateway_ipv6":"fd00:100::1","error_message":null}""";
        Assert.That(_answers, Is.EqualTo(new[] { First, First.Replace("e1", "e2").Replace("10.100.0.", "10.100.1.").Replace("fd00:100::", "fd00:100:0:1::"), First }));
    }

    [Test]
    public void Allocate_EndpointGoneForTheTimeout_SubnetFreeAndTheOneItNamesGivenBack()
    {
        Begin("10.100.0.0/23");
        Ask(1, """{"endpoint_id":"e1"}""");
        Ask(2, """{"endpoint_id":"e2"}""");
        Ask(3, """{"endpoint_id":"e3"}""");
        Assert.That(_answers[^1], Does.Contain("\"success\":false").And.Contain("exhausted"));

        // The second goes on living; the first is silent for longer than an hour.
        Pass(TimeSpan.FromMinutes(5));
        for (var minutes = 0.0; minutes < 60; minutes += 0.25)
        {
            Pass(TimeSpan.FromMinutes(0.25));
            Tell(2, PacketType.Keepalive, "");
        }

        Assert.That(_events.Where(e => e.Name == StackEventNames.SubnetExpired).Select(e => (e.Endpoint, e.Detail)), Is.EqualTo(new[] { ("e1", "10.100.0.0/24") }));
        Ask(3, """{"endpoint_id":"e3"}""");
        Assert.That(_answers[^1], Does.Contain("10.100.0.0/24"));
        Pass(TimeSpan.FromMinutes(70));
        Ask(2, """{"endpoint_id":"e2","reconnect":true,"previous_subnet":"10.100.1.0/24"}""");
        Assert.That(_answers[^1], Does.Contain("10.100.1.0/24"), "the first free one would be another");
    }

    [Test]
    public void Allocate_WithoutPools_RefusedWithTheReason()
    {
        Begin();
        Ask(1, """{"endpoint_id":"e1"}""");
        Assert.That(_answers.Single(), Does.Contain("\"success\":false").And.Contain("allocates no subnets"));
    }

    public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination)
    {
        if (datagram[1] == (byte)PacketType.AllocationResponse)
        {
            _answers.Add(System.Text.Encoding.UTF8.GetString(datagram[TunnelHeader.Size..]));
        }
    }

    public void WriteTun(ReadOnlySpan<byte> packet)
    {
    }

    public void Report(StackEvent stackEvent) => _events.Add(stackEvent);

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

    public void Dispose() => _seal.Dispose();

    private void Begin(params string[] pools)
    {
        var prefixes = pools.Select(p => IpPrefix.TryParse(p, out var prefix) ? prefix : throw new FormatException(p)).ToArray();
        _router = new RouterEngine(new RouterSettings { RouterId = "r", TunnelId = 1, Session = 9, PeerPort = 51820 }, _seal, this, PoolAllocator.For(prefixes, TimeSpan.FromHours(1)), _now);
    }

    private void Ask(uint endpoint, string json) => Tell(endpoint, PacketType.AllocationRequest, json);

    private void Tell(uint endpoint, PacketType type, string json)
    {
        Pass(TimeSpan.FromMilliseconds(10));
        var id = endpoint * EndpointSettings.MaxTunnels;
        var peer = _peers.TryGetValue(id, out var known) ? known : _peers[id] = new TunnelChannel(id, _seal, new RefusalCounters(), 0);
        byte[] datagram = [.. new byte[TunnelHeader.Size], .. System.Text.Encoding.UTF8.GetBytes(json)];
        peer.Seal(datagram, type, false, _now);
        _router!.OnDatagram(datagram, Peer, _now);
    }

    private void Pass(TimeSpan time)
    {
        _now = new TunnelTime(_now.MonotonicNs + (time.Ticks * 100), _now.RealtimeNs + (time.Ticks * 100));
        _router!.Advance(_now);
    }
}
