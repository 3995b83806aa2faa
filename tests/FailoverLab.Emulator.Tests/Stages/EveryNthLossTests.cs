namespace FailoverLab.Emulator.Tests;

internal sealed class EveryNthLossTests
{
    [Test]
    public void Takes_EveryFifth_LosesExactlyThose() =>
        Assert.That(LinkRun.Lost(new() { LossPattern = new EveryNthLoss(5) }, 22), Is.EqualTo(new[] { 4, 9, 14, 19 }));

    [Test]
    public void Takes_EveryFirst_LosesAll() => Assert.That(LinkRun.Lost(new() { LossPattern = new EveryNthLoss(1) }, 10), Has.Count.EqualTo(10));
}
