namespace FailoverLab.Tunnel.Tests;

public sealed class ScorePolicyTests
{
    private const long Hold = 100;

    [Test]
    public void Choose_AnotherIsBetterByTheDeadBand_MovesWhenItHasBeenSoForTheHoldTime()
    {
        var policy = new ScorePolicy(2, Hold, 0.1);
        var tunnels = Make(0.7, 0.85);
        Assert.That(policy.Choose(tunnels, 0, 0, 0, 1000).Tunnel, Is.Zero);
        Assert.That(policy.NextDeadlineNs(tunnels, 0, 0, 0), Is.EqualTo(1100));
        Assert.That(policy.Choose(tunnels, 0, 0, 0, 1099).Tunnel, Is.Zero);
        Assert.That(policy.Choose(tunnels, 0, 0, 0, 1100), Is.EqualTo(new TunnelChoice(1, "better-score")));
    }

    [Test]
    public void Choose_BetterForAMomentOnly_BeginsToCountAnew()
    {
        var policy = new ScorePolicy(2, Hold, 0.1);
        policy.Choose(Make(0.7, 0.85), 0, 0, 0, 1000);
        policy.Choose(Make(0.8, 0.85), 0, 0, 0, 1050);
        Assert.That(policy.Choose(Make(0.7, 0.85), 0, 0, 0, 1110).Tunnel, Is.Zero);
    }

    [Test]
    public void Choose_WithinTheDeadBand_Stays() =>
        Assert.That(new ScorePolicy(2, 0, 0.1).Choose(Make(0.8, 0.89), 0, 0, 0, 1000).Tunnel, Is.Zero);

    [Test]
    public void Choose_ActiveDead_TheBestAtOnce()
    {
        var tunnels = Make(0.9, 0.5, 0.8);
        tunnels[0] = tunnels[0] with { Health = PathHealth.Dead, Reason = "silence" };
        Assert.That(new ScorePolicy(3, Hold, 0.1).Choose(tunnels, 0, 0, 999, 1000), Is.EqualTo(new TunnelChoice(2, "silence")));
    }

    [Test]
    public void Choose_BetterButDamped_WaitsUntilItIsNot()
    {
        var policy = new ScorePolicy(2, Hold, 0.1);
        var tunnels = Make(0.5, 0.9);
        tunnels[1] = tunnels[1] with { DampedUntilNs = 5000 };
        policy.Choose(tunnels, 0, 0, 0, 1000);
        Assert.That(policy.Choose(tunnels, 0, 0, 0, 4999).Tunnel, Is.Zero);
        Assert.That(policy.NextDeadlineNs(tunnels, 0, 0, 0), Is.EqualTo(5000));
        Assert.That(policy.Choose(tunnels, 0, 0, 0, 5000).Tunnel, Is.EqualTo(1));
    }

    private static TunnelCandidate[] Make(params double[] scores) =>
        [.. scores.Select((s, i) => new TunnelCandidate(0, i, PathHealth.Alive, 0, "none", 0) { Score = s })];
}
