using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class GilbertElliottChainTests
{
    [TestCase(0.01, 0.25, 1ul)]
    [TestCase(0.05, 0.5, 2ul)]
    [TestCase(0.002, 0.1, 3ul)]
    public void Takes_AllLostInBad_BurstsAndGapsAreGeometric(double p, double r, ulong seed)
    {
        const int Count = 300_000;
        var lost = LinkRun.Lost(new() { LossPattern = new GilbertElliottLoss(new Ratio(p), new Ratio(r)) }, Count, seed);
        var gaps = LinkRun.Bursts(Enumerable.Range(0, Count).Select(i => (long)i).Except(lost));
        var (burst, burstLimit) = Statistics.GeometricFit(LinkRun.Bursts(lost), r);
        var (gap, gapLimit) = Statistics.GeometricFit(gaps, p);
        TestContext.Out.WriteLine($"seed {seed}: {lost.Count} lost, bursts {burst:0.0} of {burstLimit:0.0}, gaps {gap:0.0} of {gapLimit:0.0}");
        Assert.That(burst, Is.LessThan(burstLimit));
        Assert.That(gap, Is.LessThan(gapLimit));
    }

    [Test]
    public void Takes_SomeLostInEitherState_ShareIsThatOfTheStationaryChain()
    {
        const int Count = 300_000;
        var model = new GilbertElliottLoss(new Ratio(0.02), new Ratio(0.08), new Ratio(0.6), new Ratio(0.01));
        var lost = LinkRun.Lost(new() { LossPattern = model }, Count).Count;

        // In the bad state a share P/(P+R) of the time.
        Assert.That(lost / (double)Count, Is.EqualTo((0.2 * 0.6) + (0.8 * 0.01)).Within(0.006));
    }

    [Test]
    public void Takes_NumbersChangedMeanwhile_StateStays()
    {
        // Into the bad state and never out of it, then other numbers of the same kind.
        var fates = LinkRun.Fates(new() { LossPattern = new GilbertElliottLoss(new Ratio(1), default) }, 20, before: (link, i) =>
        {
            if (i == 10)
            {
                link.Impairments = link.Impairments with { LossPattern = new GilbertElliottLoss(default, default) };
            }
        });
        Assert.That(fates.Count(f => f.End == PacketEnd.Pattern), Is.EqualTo(19), "all but the first");
    }
}
