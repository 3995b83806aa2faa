using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class RandomLossTests
{
    [TestCase(0.0001)]
    [TestCase(0.01)]
    [TestCase(0.15)]
    [TestCase(0.5)]
    public void Takes_MillionPackets_CountLiesInTheExactBinomialInterval(double share)
    {
        const int Count = 1_000_000;
        const ulong Seed = 20_261;
        var loss = new RandomLoss(new KeyRing(new SeededRandom(Seed)).For("loss"));
        var lost = 0;
        for (var i = 0L; i < Count; i++)
        {
            lost += loss.Takes(i, new Ratio(share)) ? 1 : 0;
        }

        var (low, high) = Statistics.Binomial(Count, share, 0.999);
        TestContext.Out.WriteLine($"seed {Seed}: {lost} lost, {low}..{high} allowed");
        Assert.That(lost, Is.InRange(low, high));
    }

    [Test]
    public void Takes_SuccessivePackets_AreIndependent()
    {
        var lost = LinkRun.Lost(new() { Loss = new Ratio(0.2) }, 50_000, seed: 5);
        var (seen, limit) = Statistics.GeometricFit(LinkRun.Bursts(lost), 0.8);
        Assert.That(seen, Is.LessThan(limit));
    }
}
