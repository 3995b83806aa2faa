namespace FailoverLab.Tunnel.Tests;

public sealed class DeactivationTests
{
    private const string Activation = """{"endpoint_id":"e7","routes_ipv4":["192.0.2.0/28"],"routes_ipv6":[],"active":true,"timestamp":1,"router_id":"r","number":1,"session":5,"correlation":"first"}""";

    /// <summary>A router that speaks version 2 by itself still answers one that speaks version 1 in version 1; else the deactivation is sent a hundred times.</summary>
    [Test]
    public void OnDatagram_DeactivationInVersion1_AcknowledgedInVersion1([Values(1, 2)] int spoken)
    {
        using var stand = new RouterStand(spoken);
        const string Deactivation = """{"endpoint_id":"e7","active":false,"timestamp":2,"number":2,"session":5,"correlation":"second"}""";
        stand.Tell(PacketType.EndpointActivation, Deactivation);
        Assert.That(stand.Said(PacketType.DeactivationAck), Is.EqualTo(new[] { Deactivation }));
        var (to, datagram) = stand.Sent[^1];
        Assert.That((to, datagram[0], stand.Seal.Verify(datagram)), Is.EqualTo((RouterStand.Peer, (byte)1, true)));
    }

    [Test]
    public void Report_MoveNobodyHasNamedYet_CarriesNoIdOfAnEarlierSwitch()
    {
        using var stand = new RouterStand();
        stand.TellKeepalive(5);
        stand.Tell(PacketType.EndpointActivation, Activation);
        Assert.That((stand.HoldsGateway, Correlation(StackEventNames.ReverseMoved)), Is.EqualTo((true, "first")));

        // It has meanwhile activated another router: heard by its keepalive alone.
        stand.TellKeepalive(5, activation: 2);
        Assert.That((stand.HoldsGateway, Correlation(StackEventNames.Deactivated)), Is.EqualTo((false, (string?)null)));

        string? Correlation(string name) => stand.Events.Last(e => e.Name == name).Correlation;
    }

    [Test]
    public void Report_OtherRouterNamesTheSwitch_CarriesItsId()
    {
        using var stand = new RouterStand();
        stand.TellKeepalive(5);
        stand.Tell(PacketType.EndpointActivation, Activation);
        stand.Tell(PacketType.EndpointActivation, """{"endpoint_id":"e7","active":false,"timestamp":2,"number":2,"session":5,"correlation":"second"}""");
        Assert.That(stand.Events.Last(e => e.Name == StackEventNames.Deactivated).Correlation, Is.EqualTo("second"));
    }
}
