namespace FailoverLab.Tunnel.Tests;

/// <summary>A whole session of both engines, recorded and thrown back everywhere: no packet comes out, nothing switches, nobody claims a gateway.</summary>
public sealed class WholeSessionReplayTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void Engines_SessionThrownBackEverywhere_NothingComesOut([Values(1, 2)] int version, [Values] bool reversed, [Values("nobody", "routers", "endpoint")] string restarts)
    {
        using var world = new TunnelWorld(7, version);
        world.RunUntil(world.NowNs + (1500 * Millisecond));
        world.Endpoint.OnDecision("r1", world.Now);
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

        Assert.That(State(world), Is.EqualTo(before));
    }

    private static (int, int, int, bool, bool) State(TunnelWorld world) =>
        (world.DataDelivered, world.AnswersDelivered, world.Endpoint.ActiveTunnel, world.RouterSites[0].HoldsGateway, world.RouterSites[1].HoldsGateway);
}
