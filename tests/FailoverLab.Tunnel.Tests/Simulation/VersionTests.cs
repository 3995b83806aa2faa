using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel.Tests;

/// <summary>Which version a router takes, and that nobody is brought down to version 1.</summary>
public sealed class VersionTests : IRouterOutput
{
    private const uint TunnelId = 703;
    private static readonly DatagramAddress Peer = DatagramAddress.FromIPv4(0xC0000202, 4000);

    private readonly List<byte[]> _sent = [];
    private readonly List<StackEvent> _events = [];
    private TunnelTime _now = new(1_000_000_000, 1_700_000_000_000_000_000);

    [Test]
    public void Router_TunnelHasSpokenVersion2_Version1RefusedUntilForgotten()
    {
        using var seal = new DatagramSeal("k");
        using var keys = new RouterKeys(seal, "k", "r");
        var router = Router(keys);
        Assert.That(SpeakVersion2(router, "k"), Is.Not.Null);
        SpeakVersion1(router, seal);
        Assert.That(router.Refusals[RefusalReason.VersionRefused], Is.EqualTo(1));
        for (var second = 0; second < 160; second++)
        {
            Wait(1);
            router.Advance(_now);
        }

        _sent.Clear();
        SpeakVersion1(router, seal);
        Assert.That(_sent.Select(d => d[0]), Is.EqualTo(new byte[] { 1 }), "forgotten after 150 s of silence, and answered as new");
        Assert.That(_events.Last(e => e.Name == StackEventNames.Version1Used).Detail, Does.Contain("does not encrypt"));
    }

    [Test]
    public void Router_TunnelSpokeVersion1_TakenToVersion2()
    {
        using var seal = new DatagramSeal("k");
        using var keys = new RouterKeys(seal, "k", "r");
        var router = Router(keys);
        SpeakVersion1(router, seal);
        Assert.That(SpeakVersion2(router, "k"), Is.Not.Null);
        Assert.That(_events.Select(e => e.Name), Does.Contain(StackEventNames.KeysAgreed));
        SpeakVersion1(router, seal);
        Assert.That(router.Refusals[RefusalReason.VersionRefused], Is.EqualTo(1));
    }

    [Test]
    public void Router_UpForAMonth_StillTakesNewTunnelsOfVersion1()
    {
        using var seal = new DatagramSeal("k");
        using var keys = new RouterKeys(seal, "k", "r");
        var router = Router(keys);
        Wait(30 * 24 * 3600);
        SpeakVersion1(router, seal);
        Assert.That(_sent.Select(d => d[0]), Is.EqualTo(new byte[] { 1 }), router.Refusals.ToString());
    }

    [Test]
    public void Router_MinVersion2OrOwnKey_Version1NeverAnswered([Values] bool ownKey)
    {
        using var seal = new DatagramSeal("k");
        using var keys = ownKey
            ? new RouterKeys(seal, "k", "r", new Dictionary<uint, string> { [7] = "its own" })
            : new RouterKeys(null, "k", "r");
        var router = Router(keys);
        SpeakVersion1(router, seal);
        Assert.That(_sent, Is.Empty);
        Assert.That(router.Refusals[RefusalReason.VersionRefused], Is.EqualTo(1));
        Assert.That(SpeakVersion2(router, ownKey ? "its own" : "k"), Is.Not.Null);
    }

    [Test]
    public void Router_PeerMovesToAnotherAddress_FollowedOnlyByWhatIsAuthenticAndNewest()
    {
        using var keys = new RouterKeys(null, "k", "r");
        var router = Router(keys);
        var channel = SpeakVersion2(router, "k")!;
        var (older, newer) = (Keepalive(channel), Keepalive(channel));
        var elsewhere = DatagramAddress.FromIPv4(0xC0000203, 5000);
        var forged = newer.ToArray();
        forged[20] ^= 1;
        router.OnDatagram(forged, elsewhere, _now);
        Assert.That(Learned(), Is.EqualTo(1), "the first address only");
        router.OnDatagram(newer, elsewhere, _now);
        Assert.That(Learned(), Is.EqualTo(2));
        router.OnDatagram(older, Peer, _now);
        Assert.That(Learned(), Is.EqualTo(2), "a late one does not bring the old address back");

        int Learned() => _events.Count(e => e.Name == StackEventNames.PeerLearned);
    }

    public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination) => _sent.Add(datagram.ToArray());

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

    private static byte[] Room() => new byte[256];

    private RouterEngine Router(RouterKeys keys)
    {
        _sent.Clear();
        _events.Clear();
        return new RouterEngine(new RouterSettings { RouterId = "r", TunnelId = 1, Session = 1, PeerPort = 1 }, keys, this, null, _now);
    }

    private byte[] Keepalive(ITunnelChannel channel) => channel.Seal(new byte[TunnelHeader.Size], PacketType.Keepalive, false, _now, Room()).ToArray();

    private void SpeakVersion1(RouterEngine router, DatagramSeal seal)
    {
        Wait(1);
        router.OnDatagram(Keepalive(new TunnelChannel(TunnelId, seal, new RefusalCounters(), 0)), Peer, _now);
    }

    private InitiatorChannel? SpeakVersion2(RouterEngine router, string key)
    {
        // The channel needs the key no more once it has keys of its own.
        using var peerKey = new PeerKey(key, "r");
        var channel = new InitiatorChannel(TunnelId, peerKey, new RefusalCounters(), new ForgeryGuard(), 1, _now);
        for (var turn = 0; turn < 3; turn++)
        {
            var room = Room();
            var length = channel.WriteDue(room, _now);
            _sent.Clear();
            router.OnDatagram(room.AsSpan(0, length), Peer, _now);
            _sent.ForEach(d => channel.TryAccept(d, _now, out _));
        }

        return channel.IsReady && channel.Received > 0 ? channel : null;
    }

    private void Wait(int seconds) => _now = new TunnelTime(_now.MonotonicNs + (seconds * 1_000_000_000L), _now.RealtimeNs + (seconds * 1_000_000_000L));
}
