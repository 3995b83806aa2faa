using FailoverLab.Primitives;

namespace FailoverLab.Analysis.Tests;

public sealed class QualityTests
{
    private const long Ms = 1_000_000;

    [TestCase(0, 0, 1, 93.2, 4.41)]
    [TestCase(100, 0, 1, 93.2, 4.41)]
    [TestCase(400, 0, 1, 69.1, 3.56)]
    [TestCase(50, 0.05, 1, 77.4, 3.92)]
    [TestCase(50, 0.05, 4, 75.2, 3.83)]
    [TestCase(50, 1, 1, 17.3, 1.18)]
    public void EModel_WorkedByHand_GivesRatingAndScore(double delayMs, double loss, double burst, double rating, double score)
    {
        var computed = EModel.Rating(delayMs, loss, burst);
        Assert.That(computed, Is.EqualTo(rating).Within(0.06));
        Assert.That(EModel.Score(computed), Is.EqualTo(score).Within(0.01));
    }

    [Test]
    public void VoiceMeter_OneSecondCutInThirty_ShowsInTheWorstWindowOnly()
    {
        var meter = new VoiceMeter();
        for (var i = 0; i < 30_000; i++) meter.Add(i * Ms, i is >= 10_000 and < 11_000 ? RowWindow.Missing : (i + 20) * Ms);
        var voice = meter.Build()!;
        var cut = EModel.Score(EModel.Rating(60, 0.2, 1000 * 0.8));
        Assert.That(voice.LowestMos, Is.EqualTo(Math.Round(cut, 2)));
        Assert.That(voice.MedianMos, Is.EqualTo(4.41));
        Assert.That(voice.BelowNs, Is.EqualTo(5000 * Ms), "five windows hold the cut");
    }

    /// <summary>From 4.65 s to 5.35 s nothing arrives: the window from 5 s on begins inside that period, which is one there too, and 7 % in one burst are a bad call.</summary>
    [Test]
    public void VoiceMeter_WindowBeginsInsideAnOutage_RatesItAsOneBurst()
    {
        var meter = new VoiceMeter();
        for (var i = 0; i < 10_000; i++) meter.Add(i * Ms, i is >= 4650 and < 5350 ? RowWindow.Missing : (i + 20) * Ms);
        Assert.That(EModel.Score(EModel.Rating(60, 0.07, 1)), Is.GreaterThan(3.6), "at random it would not be");
        Assert.That(meter.Build()!.BelowNs, Is.EqualTo(6000 * Ms), "all six windows hold some of it");
    }

    /// <summary>A flow of 5.5 s that dies at 5.1 s: its last second counts, though it is not over.</summary>
    [Test]
    public void VoiceMeter_FlowEndsInsideASecond_RatesThatToo()
    {
        var meter = new VoiceMeter();
        for (var i = 0; i < 5500; i++) meter.Add(i * Ms, i >= 5100 ? RowWindow.Missing : (i + 20) * Ms);
        Assert.That(meter.Build()!.LowestR, Is.EqualTo(Math.Round(EModel.Rating(60, 400 / 4500.0, 400 * (1 - (400 / 4500.0))), 1)));
    }

    [TestCase(3_500, false)]
    [TestCase(5_000, true)]
    public void VoiceMeter_LengthOfAWindow_IsNeeded(int packets, bool isRated)
    {
        var meter = new VoiceMeter();
        for (var i = 0; i < packets; i++) meter.Add((i + 900) * Ms, (i + 920) * Ms);
        Assert.That(meter.Build(), isRated ? Is.Not.Null : Is.Null);
    }

    [Test]
    public void HighLossMeter_FourDeadSeconds_AreOneRun()
    {
        var meter = new HighLossMeter();
        for (var i = 0; i < 10_000; i++) meter.Add(i * Ms, i is >= 3000 and < 7000 || i == 9000);
        Assert.That(meter.Build(), Is.EqualTo(new Results.HighLossSummary(10, 4, 1)));
    }

    [Test]
    public void HighLossMeter_PauseBetweenDeadSeconds_EndsTheRun()
    {
        var meter = new HighLossMeter();
        foreach (var second in new[] { 0, 1, 5, 6 })
        {
            for (var i = 0; i < 100; i++) meter.Add((second * 1000 * Ms) + (i * Ms), true);
        }

        Assert.That(meter.Build(), Is.EqualTo(new Results.HighLossSummary(4, 4, 0)));
    }

    /// <summary>Every other packet takes 0.4 ms longer, and so many of 2,000 take 0.9: below a thousandth they are no part of the range.</summary>
    [TestCase(1, 400_000)]
    [TestCase(3, 900_000)]
    public void QualityMeter_WorkedByHand_GivesVariationAndRange(int slow, long rangeNs)
    {
        var flow = Timeline.Of(2000, i => [20_000_000 + (i < 2 * slow && i % 2 == 1 ? 900_000 : i % 2 * 400_000)]).Follow();
        var quality = FlowStatistics.Of(flow, Results.FlowKind.Probe, null).Quality!;
        Assert.That(quality.DelayRangeNs, Is.EqualTo(rangeNs), "99.9 % quantile less the least, Y.1541");
        Assert.That(quality.DelayVariationNs, Is.EqualTo(new Results.DelaySummary(-900_000, 400_000, 400_000, 900_000)).Or.EqualTo(new Results.DelaySummary(-900_000, -400_000, 400_000, 900_000)), "RFC 3393");
    }

    [Test]
    public void ReorderingMeter_RandomArrivals_AgreesWithTheDefinition([Range(1, 5)] int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var arrivals = Enumerable.Range(0, 500).OrderBy(i => i + random.Next(6)).Select(i => (long)i).ToList();
        var meter = new ReorderingMeter();
        arrivals.ForEach(meter.Add);
        var extents = arrivals.Select((row, i) => (Row: row, At: i))
            .Where(a => arrivals.Take(a.At).Any(r => r > a.Row))
            .Select(a => a.At - arrivals.FindIndex(r => r > a.Row)).ToList();
        var summary = meter.Build()!;
        Assert.That(summary.Ratio, Is.EqualTo(extents.Count / 500.0).Within(1e-12), $"seed {seed}");
        Assert.That((summary.MeanExtent, summary.GreatestExtent), Is.EqualTo((extents.Average(), (long)extents.Max())), $"seed {seed}");
    }

    [Test]
    public void LossPeriodRule_WorkedByHand_GivesPeriodsAndNoticeableRate()
    {
        // Lost: 5, 50..52, 400. 50 follows 5 at distance 45, 51 and 52 at 1, 400 at 348.
        var index = new LossIndex();
        foreach (var (row, before) in new[] { (5L, 0), (50L, 1), (51L, 2), (52L, 3), (400L, 4) }) index.Add(row, before, row * Ms);
        Assert.That(LossPeriodRule.Of(index.Runs), Is.EqualTo(new Results.LossPeriods(3, 1, 3, 3 / 5.0)));
        Assert.That((index.LostBeforeRow(51), index.LostBefore(51 * Ms), index.LostBefore(401 * Ms)), Is.EqualTo((2, 2, 5)));
    }

    [Test]
    public void ValueDistribution_ManyValues_IsWithinHalfAPercentOfTheSortedOnes([Range(1, 6)] int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var values = Enumerable.Range(0, 3000 * seed).Select(_ => (long)(Math.Pow(10, random.NextDouble() * 10) * (random.Next(5) == 0 ? -1 : 1))).ToList();
        var distribution = new ValueDistribution();
        values.ForEach(distribution.Add);
        values.Sort();
        foreach (var share in new[] { 0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999 })
        {
            var exact = Quantile.AtRank(values.ToArray(), share);
            var allowed = values.Count <= ValueDistribution.MostExact ? 0 : Math.Max(1, Math.Abs(exact) * 0.0041);
            Assert.That((double)distribution.At(share), Is.EqualTo((double)exact).Within(allowed), $"seed {seed}, {share}");
        }

        Assert.That((distribution.Least, distribution.Greatest, distribution.Count), Is.EqualTo((values[0], values[^1], (long)values.Count)));
    }

    [Test]
    public void ValueDistribution_AnyOrderAndParts_GiveTheSame()
    {
        var random = new SeededRandom(9);
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)random.Next(1_000_000_000)).ToList();
        var whole = new ValueDistribution();
        values.ForEach(whole.Add);
        var parts = Enumerable.Range(0, 7).Select(_ => new ValueDistribution()).ToList();
        for (var i = values.Count - 1; i >= 0; i--) parts[random.Next(7)].Add(values[i]);
        var sum = new ValueDistribution();
        parts.ForEach(sum.Add);
        Assert.That(sum.Summarise(), Is.EqualTo(whole.Summarise()));
    }
}
