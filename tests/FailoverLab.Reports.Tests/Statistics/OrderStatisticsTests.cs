namespace FailoverLab.Reports.Tests;

public sealed class OrderStatisticsTests
{
    [TestCase(0, null, null)]
    [TestCase(5, null, null)]
    [TestCase(6, 1, 6)]
    [TestCase(9, 2, 8)]
    [TestCase(20, 6, 15)]
    [TestCase(30, 10, 21)]
    public void MedianRanks_KnownTable_Agrees(int count, int? low, int? high) =>
        Assert.That(OrderStatistics.MedianRanks(count), Is.EqualTo(low is null ? null : ((int, int)?)(low.Value, high!.Value)));

    [Test]
    public void MedianRanks_EveryCount_IsTheNarrowestPairThatCovers()
    {
        for (var n = 6; n <= 60; n++)
        {
            var (low, high) = OrderStatistics.MedianRanks(n)!.Value;
            Assert.That(Coverage(n, low), Is.GreaterThanOrEqualTo(0.95), $"n {n}");
            Assert.That(Coverage(n, low + 1), Is.LessThan(0.95), $"n {n}");
            Assert.That(low + high, Is.EqualTo(n + 1), $"n {n}");
        }
    }

    [TestCase(58, 0.95, false)]
    [TestCase(59, 0.95, true)]
    [TestCase(298, 0.99, false)]
    [TestCase(299, 0.99, true)]
    public void ProvableQuantile_KnownSizes_ReachTheirQuantile(int count, double quantile, bool reached) =>
        Assert.That(OrderStatistics.ProvableQuantile(count) >= quantile, Is.EqualTo(reached));

    /// <summary>Coverage of ranks r and n+1−r, counted over Pascal's triangle instead of logarithms.</summary>
    private static double Coverage(int n, int rank)
    {
        decimal[] row = [1];
        for (var i = 0; i < n; i++)
        {
            row = [1, .. row.Zip(row.Skip(1), (a, b) => a + b), 1];
        }

        return (double)(1 - (2 * row.Take(rank).Sum() / row.Sum()));
    }
}
