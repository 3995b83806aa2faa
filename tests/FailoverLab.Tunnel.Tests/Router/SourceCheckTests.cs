using FailoverLab.Packets;

namespace FailoverLab.Tunnel.Tests;

/// <summary>Data is taken only from inner addresses that the endpoint advertised (docs/TUNNEL.md section 2, step 8).</summary>
public sealed class SourceCheckTests
{
    private const string Advertisement = """{"endpoint_id":"e7","routes_ipv4":["192.0.2.0/28"],"routes_ipv6":[]}""";

    [Test]
    public void OnDatagram_OurEndpointBeforeItsAdvertisement_DataRefusedThenTakenFromItsOwnAddressesAlone()
    {
        using var stand = new RouterStand();
        stand.TellKeepalive(5);
        stand.Tell(PacketType.Data, RouterStand.InnerFrom(2));
        Assert.That((stand.Written.Count, stand.Engine.Refusals[RefusalReason.SpoofedSource]), Is.EqualTo((0, 1)), "it has advertised nothing");
        stand.Tell(PacketType.RouteAdvertisement, Advertisement);
        stand.Tell(PacketType.Data, RouterStand.InnerFrom(2));
        stand.Tell(PacketType.Data, RouterStand.InnerFrom(99));
        Assert.That((stand.Written.Count, stand.Engine.Refusals[RefusalReason.SpoofedSource]), Is.EqualTo((1, 2)));
    }

    [Test]
    public void OnDatagram_ForeignVersion1PeerThatOnlyLives_DataTakenUntilItAdvertises()
    {
        using var stand = new RouterStand();
        stand.Tell(PacketType.Keepalive, []);
        stand.Tell(PacketType.Data, RouterStand.InnerFrom(99));
        Assert.That(stand.Written, Has.Count.EqualTo(1));
        stand.Tell(PacketType.RouteAdvertisement, Advertisement);
        stand.Tell(PacketType.Data, RouterStand.InnerFrom(99));
        Assert.That((stand.Written.Count, stand.Engine.Refusals[RefusalReason.SpoofedSource]), Is.EqualTo((1, 1)));
    }

    [Test]
    public void OnDatagram_Version2WithKeysAndNothingAdvertised_DataRefused()
    {
        using var stand = new RouterStand();
        using var key = new PeerKey("k", "r");
        using var channel = new InitiatorChannel(RouterStand.Tunnel, key, new RefusalCounters(), new ForgeryGuard(), 1, stand.Now);
        var room = new byte[256];
        for (var turn = 0; turn < 3; turn++)
        {
            var length = channel.WriteDue(room, stand.Now);
            stand.Sent.Clear();
            stand.Engine.OnDatagram(room.AsSpan(0, length), RouterStand.Peer, stand.Now);
            stand.Sent.ForEach(s => channel.TryAccept(s.Datagram, stand.Now, out _));
        }

        Assert.That(channel.IsReady);
        byte[] frame = [.. new byte[TunnelHeader.Size], .. RouterStand.InnerFrom(2)];
        stand.Engine.OnDatagram(channel.Seal(frame, PacketType.Data, false, stand.Now, room).ToArray(), RouterStand.Peer, stand.Now);
        Assert.That((stand.Written.Count, stand.Engine.Refusals[RefusalReason.SpoofedSource]), Is.EqualTo((0, 1)));
    }
}
