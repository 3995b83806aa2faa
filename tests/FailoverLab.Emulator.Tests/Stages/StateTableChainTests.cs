using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class StateTableChainTests
{
    [Test]
    public void Takes_WithinGapsOnly_LossesAreAlone()
    {
        const int Count = 100_000;
        var lost = LinkRun.Lost(new() { LossPattern = new StateTableLoss(default, new Ratio(1), default, default, new Ratio(0.1)) }, Count);
        Assert.That(LinkRun.Bursts(lost), Is.All.EqualTo(1));

        // A cycle is a wait of 1/P14 packets, the last of which is lost, and one packet back in state 1.
        Assert.That(lost.Count / (double)Count, Is.EqualTo(1 / 11.0).Within(0.003));
    }

    [Test]
    public void Takes_WithoutStateTwo_BurstsAreGeometric()
    {
        var lost = LinkRun.Lost(new() { LossPattern = new StateTableLoss(new Ratio(0.01), new Ratio(0.3), default, default, default) }, 300_000, seed: 4);
        var (seen, limit) = Statistics.GeometricFit(LinkRun.Bursts(lost), 0.3);
        Assert.That(seen, Is.LessThan(limit));
    }

    [Test]
    public void Takes_AllFourStates_ShareIsThatOfTheStationaryChain()
    {
        const int Count = 300_000;
        var lost = LinkRun.Lost(
            new() { LossPattern = new StateTableLoss(new Ratio(0.02), new Ratio(0.1), new Ratio(0.3), new Ratio(0.4), new Ratio(0.01)) }, Count, seed: 6);

        // Balance: pi1 P13 = pi3 P31, pi2 P23 = pi3 P32, pi4 = pi1 P14.
        var (one, two, three, four) = (1.0, 0.02 / 0.1 * 0.3 / 0.4, 0.02 / 0.1, 0.01);
        Assert.That(lost.Count / (double)Count, Is.EqualTo((three + four) / (one + two + three + four)).Within(0.006));
    }
}
