namespace FailoverLab.Tunnel.Tests;

/// <summary>A whole session of both engines, recorded and thrown back everywhere: no packet comes out twice, nothing switches, nobody claims a gateway.</summary>
public sealed class WholeSessionReplayTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void Engines_SessionThrownBackEverywhere_NothingComesOutTwice([Values(1, 2)] int version, [Values] bool reversed, [Values("nobody", "routers", "endpoint")] string restarts)
    {
        using var world = new TunnelWorld(7, followBalancer: true, version: version);
        world.RunUntil(world.NowNs + (1500 * Millisecond));
        world.Disturb(new Disturbance(0, DisturbanceKind.Balancer, 1, 0));
        world.RunUntil(world.NowNs + (1500 * Millisecond));
        var count = world.Recorded.Count;
        // What is on its way arrives, so that all of the record was taken once.
        world.RunUntil(world.NowNs + (200 * Millisecond));
        var record = world.Recorded.Take(count).ToArray();
        Assert.That(record, Has.Length.GreaterThan(800));
        if (restarts == "routers")
        {
            world.StartRouter(0);
            world.StartRouter(1);
        }
        else if (restarts == "endpoint")
        {
            world.StartEndpoint();
        }

        if (reversed)
        {
            Array.Reverse(record);
        }

        var before = State(world);
        foreach (var (to, tunnel, datagram) in record)
        {
            world.Deliver(-1, tunnel, datagram);
            world.Deliver(-1, (tunnel + 1) % (TunnelWorld.Paths * TunnelWorld.Routers), datagram);
            world.Deliver(0, tunnel, datagram);
            world.Deliver(1, tunnel, datagram);
        }

        // A packet that was refused when it first came may come late; none comes twice.
        Assert.That(world.Fault, Is.Null);
        Assert.That(State(world), Is.EqualTo(before));
    }

    private static (int, int, bool, bool) State(TunnelWorld world) =>
        (world.AnswersDelivered, world.Endpoint.ActiveTunnel, world.RouterSites[0].HoldsGateway, world.RouterSites[1].HoldsGateway);
}
