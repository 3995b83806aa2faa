using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class BurstRunTests
{
    [Test]
    public void Takes_Runs_AreWholeNumbersOfTheLength()
    {
        const int Count = 200_000;
        var lost = LinkRun.Lost(new() { LossPattern = new BurstLoss(new Ratio(0.01), 7) }, Count);

        // One run may follow another at once.
        Assert.That(LinkRun.Bursts(lost[..^7]).Select(l => l % 7), Is.All.Zero);
        Assert.That(lost.Count / (double)Count, Is.EqualTo(7 / 107.0).Within(0.004));
    }

    [Test]
    public void Takes_AlwaysStarting_LosesAll() =>
        Assert.That(LinkRun.Lost(new() { LossPattern = new BurstLoss(new Ratio(1), 3) }, 50), Has.Count.EqualTo(50));
}
