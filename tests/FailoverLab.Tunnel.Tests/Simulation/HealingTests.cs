namespace FailoverLab.Tunnel.Tests;

/// <summary>What was lost on the way, or forgotten in a long silence, is told again.</summary>
public sealed class HealingTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void Engines_AdvertisementsLost_ToldAgainUntilTheRouterHasThem([Values(1, 2)] int version)
    {
        using var world = new TunnelWorld(1, version: version);
        var lost = 0;
        world.LosesToo = datagram => datagram[1] == (byte)PacketType.RouteAdvertisement && lost++ < 30;
        world.RunUntil(world.NowNs + (5000 * Millisecond));
        Assert.That(world.RouterSites.Select(r => r.Routes.Count), Is.All.EqualTo(1), "the standby router has the prefixes too");
        var sent = lost;
        world.RunUntil(world.NowNs + (20_000 * Millisecond));
        Assert.That(sent, Is.GreaterThan(30));
        Assert.That(lost, Is.EqualTo(sent), "and then it is quiet");
    }

    [Test]
    public void Engines_EverythingSilentUntilTheRouterHasForgotten_TrafficFlowsAgain([Values(1, 2)] int version)
    {
        using var world = new TunnelWorld(1, version: version);
        world.RunUntil(world.NowNs + (1000 * Millisecond));

        // One path to one router is left: when it falls silent too, nothing is switched, so nothing else tells the router anew.
        world.Disturb(new Disturbance(0, DisturbanceKind.Kill, 1, 0));
        world.Disturb(new Disturbance(0, DisturbanceKind.Cut, 1, 0));
        world.Disturb(new Disturbance(0, DisturbanceKind.Cut, 2, 0));
        world.RunUntil(world.NowNs + (3000 * Millisecond));
        Assert.That(world.Endpoint.ActiveTunnel, Is.Zero);
        world.Disturb(new Disturbance(0, DisturbanceKind.Cut, 0, 0));
        world.RunUntil(world.NowNs + (40_000 * Millisecond));
        Assert.That(world.Events.Count(e => e.Event.Name == StackEventNames.PeerTimedOut), Is.EqualTo(1), world.Story());
        world.Disturb(new Disturbance(0, DisturbanceKind.Heal, 0, 0));
        var answers = world.AnswersDelivered;
        world.RunUntil(world.NowNs + (2000 * Millisecond));
        Assert.That(world.AnswersDelivered - answers, Is.GreaterThan(40), world.Story());
    }

    /// <summary>Every id is of one switch: one decision at most, and on both sides nothing that belongs to another.</summary>
    [Test]
    public void Engines_ManySwitches_EventsOfEachShareOneIdOnBothSides([Values(1, 2)] int version)
    {
        using var world = new TunnelWorld(7, followBalancer: true, version: version);
        world.RunUntil(world.NowNs + (1000 * Millisecond));
        for (var i = 0; i < 12; i++)
        {
            var path = world.Endpoint.ActiveTunnel % TunnelWorld.Paths;
            world.Disturb(i % 4 == 3 ? new Disturbance(0, DisturbanceKind.Balancer, (i / 4) % 2, 0) : new Disturbance(0, (DisturbanceKind)(i % 3), path, 0));
            world.RunUntil(world.NowNs + (1500 * Millisecond));
            world.Disturb(new Disturbance(0, DisturbanceKind.Heal, path, 0));
            world.RunUntil(world.NowNs + (1500 * Millisecond));
        }

        var switches = world.Events.Where(e => e.Event.Correlation is not null).GroupBy(e => e.Event.Correlation!).Where(g => g.Any(e => e.Event.Name == StackEventNames.SwitchDecided)).ToArray();
        Assert.That(switches, Has.Length.GreaterThanOrEqualTo(12), world.Story());
        foreach (var events in switches)
        {
            var names = events.Select(e => e.Event.Name).ToArray();
            var decided = events.Single(e => e.Event.Name == StackEventNames.SwitchDecided);
            Assert.That(names, Has.Exactly(1).EqualTo(StackEventNames.ActivationSent).And.Exactly(1).EqualTo(StackEventNames.ActivationAcknowledged), $"{events.Key}\n{world.Story()}");
            Assert.That(events.Where(e => e.Event.Name == StackEventNames.ReverseMoved).Select(e => (e.Event.Router, e.Event.ToPath)), Is.All.EqualTo((decided.Event.Router, decided.Event.Path)), $"{events.Key}\n{world.Story()}");
            Assert.That(events.Where(e => e.Event.Name is StackEventNames.PathSuspect or StackEventNames.PathDead).All(e => e.Seen <= decided.Seen && e.Event.Path == decided.Event.FromPath), $"{events.Key}\n{world.Story()}");
            Assert.That(events.Where(e => e.Event.Name is StackEventNames.ReverseMoved or StackEventNames.Deactivated).All(e => e.Seen >= decided.Seen), $"{events.Key}\n{world.Story()}");
        }

        Assert.That(world.Events.Where(e => e.Event.Name == StackEventNames.ReverseMoved && e.Event.Reason != "activation").Select(e => e.Event.Correlation), Is.All.Null);
        Assert.That(switches.Select(s => s.Key[..^2]).Distinct().Count(), Is.LessThanOrEqualTo(2), "the run stands in the id");
    }
}
