namespace FailoverLab.Tunnel.Tests;

/// <summary>Thousands of seeded fault timelines in virtual time. A failing seed is printed; run it alone with <see cref="Engines_OneSeed_HoldsToo"/>.</summary>
public sealed class TimelineTests
{
    private const int Timelines = 1200;
    private const long Millisecond = 1_000_000;

    /// <summary>Detection, the switch, one activation lost, and the slowest path's round trip.</summary>
    private const long HealWithin = 350 * Millisecond;

    [Test]
    public void Engines_RandomFaults_GoodPathUsedReturnFollowsNoReplayNoStorm()
    {
        for (var seed = 1UL; seed <= Timelines; seed++)
        {
            Run(seed);
        }
    }

    [Test]
    public void Engines_RandomFaultsWithVersion2_HoldsToo()
    {
        for (var seed = 1UL; seed <= Timelines / 4; seed++)
        {
            Run(seed, version: 2);
        }
    }

    [Test]
    public void Engines_BalancerNamesAnotherRouter_OldOneLetsGoAndSaysSo([Values(1, 2)] int version)
    {
        using var world = new TunnelWorld(1, version);
        world.RunUntil(world.NowNs + (500 * Millisecond));
        world.Endpoint.OnDecision("r1", world.Now);
        var decidedNs = world.NowNs;
        world.RunUntil(world.NowNs + (1500 * Millisecond));
        Assert.That(world.Events.Where(e => e.Name == StackEventNames.DeactivationSent).Select(e => e.Router), Is.EqualTo(new[] { "r1" }), Story(world));
        Assert.That(world.Events.Select(e => e.Name), Does.Contain(StackEventNames.Deactivated).And.Contain(StackEventNames.DeactivationAcknowledged), Story(world));
        var sentNs = world.Events.First(e => e.Name == StackEventNames.DeactivationSent).AtNs - (world.Now.RealtimeNs - world.NowNs);
        TestContext.Out.WriteLine($"version {version}: told {(sentNs - decidedNs) / 1e6:0.0} ms after the decision");
        Assert.That(world.RouterSites.Select(r => r.HoldsGateway), Is.EqualTo(new[] { false, true }));
        Assert.That(world.Endpoint.ActiveTunnel / TunnelWorld.Paths, Is.EqualTo(1));
    }

    [Test]
    public void Engines_KeysChangeUnderTraffic_NobodyNotices()
    {
        using var world = new TunnelWorld(1, version: 2);
        world.RunUntil(world.NowNs + (1000 * Millisecond));
        var (sent, taken) = (world.NowNs, world.AnswersDelivered);
        world.RunUntil(world.NowNs + (125_000 * Millisecond));
        var names = world.Events.Where(e => e.AtNs > 1_700_000_000_000_000_000 + sent).Select(e => e.Name).ToArray();
        Assert.That(names, Is.All.EqualTo(StackEventNames.KeysAgreed), Story(world));
        Assert.That(names, Has.Length.EqualTo(12), "both ends of six tunnels");
        Assert.That(world.AnswersDelivered - taken, Is.EqualTo(125_000 / 20).Within(5), "every packet was answered");
        Assert.That(world.Endpoint.Refusals.Total, Is.Zero, world.Endpoint.Refusals.ToString());
    }

    [TestCase(1UL, 1)]
    [TestCase(1UL, 2)]
    public void Engines_OneSeed_HoldsToo(ulong seed, int version) => Run(seed, version);

    private static void Run(ulong seed, int version = 1)
    {
        using var world = new TunnelWorld(seed, version);
        world.RunUntil(world.NowNs + (200 * Millisecond));
        Assert.That(world.Endpoint.ActiveTunnel, Is.Zero, $"seed {seed}: the first tunnel is used at the start");
        for (var fault = 0; fault < 2; fault++)
        {
            var before = world.Switches.Count;
            var good = Disturb(world);
            world.RunUntil(world.NowNs + HealWithin, () => Check(world, seed));
            var answers = world.AnswersDelivered;
            world.RunUntil(world.NowNs + (200 * Millisecond), () => Check(world, seed));
            if (good)
            {
                Assert.That(world.AnswersDelivered - answers, Is.GreaterThan(3), $"seed {seed}, fault {fault}: traffic flows both ways over what is left\n{Story(world)}");
            }

            Assert.That(world.Switches.Count - before, Is.LessThanOrEqualTo(6), $"seed {seed}, fault {fault}: no storm of switches\n{Story(world)}");
            if (world.Random.Next(3) == 0)
            {
                Heal(world);
                world.RunUntil(world.NowNs + (1300 * Millisecond), () => Check(world, seed));
                Assert.That(world.Endpoint.ActiveTunnel, Is.Zero, $"seed {seed}: back on the preferred tunnel\n{Story(world)}");
                AssertHold(world, seed);
            }
        }

        AssertNoReplay(world, seed);
    }

    /// <summary>Breaks something; tells whether a clean path to a living router is left.</summary>
    private static bool Disturb(TunnelWorld world)
    {
        var path = world.Random.Next(TunnelWorld.Paths);
        switch (world.Random.Next(7))
        {
            case 0:
                world.Out[path].Up = world.Back[path].Up = false;
                break;
            case 1:
                world.Out[path].Up = false;
                break;
            case 2:
                world.Back[path].Up = false;
                break;
            case 3:
                world.Endpoint.OnLink(path, false, world.Now);
                world.Out[path].Up = world.Back[path].Up = false;
                break;
            case 4:
                world.Out[path].Loss = world.Back[path].Loss = 0.3;
                break;
            case 5:
                world.RouterSites[0].Kill();
                break;
            default:
                world.StartRouter(world.Random.Next(TunnelWorld.Routers));
                break;
        }

        return Enumerable.Range(0, TunnelWorld.Paths).Any(p => world.Out[p] is { Up: true, Loss: 0 } && world.Back[p] is { Up: true, Loss: 0 })
            && world.RouterSites.Any(r => r.Engine is not null);
    }

    private static void Heal(TunnelWorld world)
    {
        for (var i = 0; i < TunnelWorld.Paths; i++)
        {
            world.Endpoint.OnLink(i, true, world.Now);
            (world.Out[i].Up, world.Back[i].Up, world.Out[i].Loss, world.Back[i].Loss) = (true, true, 0, 0);
        }

        if (world.RouterSites[0].Engine is null)
        {
            world.StartRouter(0);
        }
    }

    private static void Check(TunnelWorld world, ulong seed)
    {
        if (world.Endpoint.NextDeadlineNs <= world.NowNs)
        {
            Assert.Fail($"seed {seed}: the next deadline lies ahead, else the loop spins");
        }
    }

    /// <summary>Between a reversion and the switch before it lies the hold time.</summary>
    private static void AssertHold(TunnelWorld world, ulong seed)
    {
        var switches = world.Events.Where(e => e.Name == StackEventNames.SwitchDecided).ToArray();
        for (var i = 1; i < switches.Length; i++)
        {
            if (switches[i].Reason == "reversion")
            {
                Assert.That(switches[i].AtNs - switches[i - 1].AtNs, Is.GreaterThanOrEqualTo(TunnelWorld.HoldNs), $"seed {seed}: hold\n{Story(world)}");
            }
        }
    }

    /// <summary>Throws recorded datagrams back in, at their receiver, at the other router, and at their own sender: none gets anywhere.</summary>
    private static void AssertNoReplay(TunnelWorld world, ulong seed)
    {
        for (var i = 0; i < 400; i++)
        {
            var (to, tunnel, datagram) = world.Recorded[world.Random.Next(world.Recorded.Count)];
            if (to < 0)
            {
                // Not delivered before means not a replay; so first make sure that it was.
                world.Deliver(to, tunnel, datagram);
            }

            var (data, answers, active) = (world.DataDelivered, world.AnswersDelivered, world.Endpoint.ActiveTunnel);
            world.Deliver(to, tunnel, datagram);
            world.Deliver(to < 0 ? tunnel / TunnelWorld.Paths : -1, tunnel, datagram);
            Assert.That((world.AnswersDelivered, world.Endpoint.ActiveTunnel), Is.EqualTo((answers, active)), $"seed {seed}: replay of type {datagram[1]} taken by the endpoint");
            if (to < 0)
            {
                Assert.That(world.DataDelivered, Is.EqualTo(data), $"seed {seed}: reflection of type {datagram[1]} taken by a router");
            }
        }
    }

    private static string Story(TunnelWorld world) => string.Join('\n', world.Events.Select(e =>
        FormattableString.Invariant($"{(e.AtNs - 1_700_000_001_000_000_000) / 1e6,10:0.000} {e.Name} {e.Path} {e.Router} {e.Reason} {e.FromPath}>{e.ToPath} {e.Correlation} {e.Detail}")));
}
