namespace FailoverLab.Wan.Tests;

internal sealed class SpinMarginTests
{
    [TestCase(0, SpinMargin.LeastNs)]
    [TestCase(20_000, 25_000)]
    [TestCase(5_000_000, SpinMargin.MostNs)]
    public void Learn_SleepsEndLate_MarginFollowsWithinLimits(long lateNs, long expectedNs)
    {
        var margin = new SpinMargin();
        for (var i = 0; i < 10_000; i++)
        {
            margin.Learn(1_000, 1_000 + lateNs);
        }

        Assert.That(margin.Ns, Is.EqualTo(expectedNs).Within(600));
    }

    [Test]
    public void Learn_OneSleepInTenEndsLate_MarginCoversIt()
    {
        var margin = new SpinMargin();
        for (var i = 0; i < 5000; i++)
        {
            margin.Learn(0, i % 10 == 0 ? 40_000 : 10_000);
        }

        Assert.That(margin.Ns, Is.InRange(38_000, 50_000));
    }

    [Test]
    public void Learn_OneStall_HardlyMovesIt()
    {
        var margin = new SpinMargin();
        margin.Learn(0, 1_000_000_000);
        Assert.That(margin.Ns, Is.LessThan((SpinMargin.MostNs / 2) + 3_000));
    }
}
