namespace FailoverLab.Tunnel.Tests;

/// <summary>What both engines do in the simulated world whichever version their tunnels speak.</summary>
public sealed class SecureEngineTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void Engines_BalancerNamesAnotherRouter_OldOneLetsGoAndSaysSo([Values(1, 2)] int version)
    {
        using var world = new TunnelWorld(1, followBalancer: true, version: version);
        world.RunUntil(world.NowNs + (500 * Millisecond));
        var decidedNs = world.NowNs;
        world.Disturb(new Disturbance(0, DisturbanceKind.Balancer, 1, 0));
        world.RunUntil(world.NowNs + (1500 * Millisecond));
        var sent = world.Events.Where(e => e.Event.Name == StackEventNames.DeactivationSent).ToArray();
        Assert.That(sent.Select(e => e.Event.Router), Is.EqualTo(new[] { "r1" }), world.Story());
        Assert.That(world.Events.Select(e => e.Event.Name), Does.Contain(StackEventNames.Deactivated).And.Contain(StackEventNames.DeactivationAcknowledged), world.Story());
        TestContext.Out.WriteLine($"version {version}: told {(sent[0].Seen - decidedNs) / 1e6:0.0} ms after the decision");
        Assert.That(world.RouterSites.Select(r => r.HoldsGateway), Is.EqualTo(new[] { false, true }));
        Assert.That(world.Endpoint.ActiveTunnel / TunnelWorld.Paths, Is.EqualTo(1));
    }

    [Test]
    public void Engines_KeysChangeUnderTraffic_NobodyNotices()
    {
        using var world = new TunnelWorld(1, version: 2);
        world.RunUntil(world.NowNs + (1000 * Millisecond));
        var (sinceNs, answers) = (world.NowNs, world.AnswersDelivered);
        world.RunUntil(world.NowNs + (125_000 * Millisecond));
        var names = world.Events.Where(e => e.Seen > sinceNs).Select(e => e.Event.Name).ToArray();
        Assert.That(names, Is.All.EqualTo(StackEventNames.KeysAgreed), world.Story());
        Assert.That(names, Has.Length.EqualTo(12), "both ends of six tunnels");
        Assert.That(world.AnswersDelivered - answers, Is.EqualTo(125_000 / 20).Within(5), "every packet was answered");
        Assert.That(world.Endpoint.Refusals.Total, Is.Zero, world.Endpoint.Refusals.ToString());
    }
}
