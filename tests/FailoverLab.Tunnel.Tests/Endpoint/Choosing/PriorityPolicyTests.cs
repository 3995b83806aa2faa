namespace FailoverLab.Tunnel.Tests;

public sealed class PriorityPolicyTests
{
    private const long Hold = 100;
    private readonly PriorityPolicy _policy = new(Hold);

    [TestCase("A A A A", -1, 0, Description = "start: the first")]
    [TestCase("D A A A", 0, 1, Description = "small switch")]
    [TestCase("D S A A", 0, 2, Description = "siblings silent too: the router is gone")]
    [TestCase("D G A A", 0, 1, Description = "a degraded sibling lives, so the router does")]
    [TestCase("D D A A", 0, 2, Description = "large switch")]
    [TestCase("D D D D", 0, 0, Description = "nothing left: keep trying")]
    [TestCase("D D S D", 0, 2, Description = "suspect is better than dead")]
    [TestCase("S A A A", 0, 0, Description = "suspicion alone moves nothing")]
    [TestCase("G A A A", 0, 1, Description = "degraded: to the clean one")]
    [TestCase("G G A A", 0, 0, Description = "all degraded alike: stay, and do not change the router")]
    [TestCase("A A A A", 1, 0, Description = "reversion")]
    [TestCase("A A A A", 2, 0, Description = "reversion to the preferred router")]
    [TestCase("D A A A", 2, 1, Description = "reversion to the preferred router's best")]
    public void Choose_Healths_ExpectedTunnel(string healths, int active, int expected)
    {
        var choice = _policy.Choose(Make(healths, since: 0), active, preferredRouter: 0, lastSwitchNs: 0, nowNs: 1000);
        Assert.That(choice.Tunnel, Is.EqualTo(expected), choice.Reason);
    }

    [Test]
    public void Choose_PreferredPathNotYetHeld_StaysUntilTheDeadlineItNames()
    {
        var tunnels = Make("A A A A", since: 0);
        tunnels[0] = tunnels[0] with { AliveSinceNs = 950 };
        Assert.That(_policy.Choose(tunnels, 1, 0, 0, 1000).Tunnel, Is.EqualTo(1));
        Assert.That(_policy.NextDeadlineNs(tunnels, 1, 0, 0), Is.EqualTo(1050));
        Assert.That(_policy.Choose(tunnels, 1, 0, 0, 1050).Tunnel, Is.Zero);
    }

    [Test]
    public void Choose_ActiveDies_PrefersOneThatHasHeldOverOneJustBack()
    {
        var tunnels = Make("A A D A", since: 0);
        tunnels = [tunnels[0] with { AliveSinceNs = 990 }, tunnels[1] with { Health = PathHealth.Dead }, tunnels[2] with { Router = 0, Path = 2, Health = PathHealth.Alive }];
        Assert.That(_policy.Choose(tunnels, 1, 0, 0, 1000).Tunnel, Is.EqualTo(2));
    }

    [Test]
    public void Choose_AllDegradedOneFarLessBad_MovesAfterHold()
    {
        var tunnels = Make("G G A A", since: 0);
        tunnels[0] = tunnels[0] with { Penalty = 5 };
        Assert.That(_policy.Choose(tunnels, 0, 0, 950, 1000).Tunnel, Is.Zero);
        Assert.That(_policy.Choose(tunnels, 0, 0, 0, 1000).Tunnel, Is.EqualTo(1));
    }

    [Test]
    public void Choose_BalancerNamesTheOtherRouter_MovesThere() =>
        Assert.That(_policy.Choose(Make("A A A A", since: 0), 0, preferredRouter: 1, 0, 1000), Is.EqualTo(new TunnelChoice(2, "reversion")));

    private static TunnelCandidate[] Make(string healths, long since) =>
        [.. healths.Split(' ').Select((h, i) => new TunnelCandidate(i / 2, i % 2, h switch { "A" => PathHealth.Alive, "G" => PathHealth.Degraded, "S" => PathHealth.Suspect, _ => PathHealth.Dead }, since, "why", 1.5))];
}
