namespace FailoverLab.Primitives.Tests;

/// <summary>Against published values, and against the definition by counting.</summary>
public sealed class ExactBinomialTests
{
    // 0 of 10: 1 - 0.025^(1/10). 1 of 10: 0.25 % to 44.5 % (tables of Clopper and Pearson, 1934).
    [TestCase(0, 10, 0, 0.3085)]
    [TestCase(1, 10, 0.00253, 0.44502)]
    [TestCase(10, 10, 0.69150, 1)]
    public void Share_95Percent_AsInTheTables(int successes, int trials, double low, double high)
    {
        var interval = ExactBinomial.Share(successes, trials, 0.95);
        Assert.That((interval.Low, interval.High), Is.EqualTo((low, high)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-4 && Math.Abs(a.Item2 - b.Item2) < 1e-4));
    }

    // Hollander and Wolfe, confidence limits of the median: ranks 2 and 9 of 10, 10 and 21 of 30; 5 values have none.
    [TestCase(10, 2, 9)]
    [TestCase(30, 10, 21)]
    [TestCase(5, 0, 6)]
    public void QuantileRanks_Median95Percent_AsInTheTables(long count, long low, long high) =>
        Assert.That(ExactBinomial.QuantileRanks(count, 0.5, 0.95), Is.EqualTo((low, high)));

    [TestCase(0.5, 200)]
    [TestCase(0.99, 2_000)]
    public void QuantileRanks_ManySamples_HoldTheQuantileAsOftenAsSaid(double share, int count)
    {
        const ulong Seed = 20261121;
        const int Samples = 2_000;
        var random = new SeededRandom(Seed);
        var (low, high) = ExactBinomial.QuantileRanks(count, share, 0.95);
        var held = 0;
        for (var s = 0; s < Samples; s++)
        {
            var below = 0;
            for (var i = 0; i < count; i++)
            {
                below += random.NextDouble() < share ? 1 : 0;
            }

            // The value of rank k lies at or below the quantile when at least k values do.
            held += below >= low && below < high ? 1 : 0;
        }

        Assert.That(held, Is.InRange(0.94 * Samples, 0.985 * Samples), $"seed {Seed}");
    }
}
