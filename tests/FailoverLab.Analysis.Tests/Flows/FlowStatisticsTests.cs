using FailoverLab.Primitives;

namespace FailoverLab.Analysis.Tests;

public sealed class FlowStatisticsTests
{
    [Test]
    public void Of_RandomTimelines_AgreesWithCountingByHand()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var timeline = Timeline.Random(new SeededRandom(seed), 2000);
            var summary = FlowStatistics.Of(timeline.Follow(), Results.FlowKind.Probe, null);
            var firstCopies = timeline.Received.GroupBy(p => p.Sequence).Select(g => g.First()).OrderBy(p => p.StampNs).ToList();
            var reordered = firstCopies.Where((p, k) => firstCopies.Take(k).Any(earlier => earlier.Sequence > p.Sequence)).Count();
            Assert.Multiple(() =>
            {
                Assert.That(summary.Sent, Is.EqualTo(2000), $"seed {seed}");
                Assert.That(summary.Received, Is.EqualTo(firstCopies.Count), $"seed {seed}");
                Assert.That(summary.Lost, Is.EqualTo(2000 - firstCopies.Count), $"seed {seed}");
                Assert.That(summary.Duplicates, Is.EqualTo(timeline.Received.Count - firstCopies.Count), $"seed {seed}");
                Assert.That(summary.Reordered, Is.EqualTo(reordered), $"seed {seed}");
                Assert.That(summary.JitterNs, Is.EqualTo(JitterByHand(firstCopies)).Within(1), $"seed {seed}");
                Assert.That(summary.OneWayDelayNs!.Median, Is.EqualTo(firstCopies.Select(p => p.StampNs - (p.Sequence * Timeline.Interval)).Order().ElementAt((firstCopies.Count - 1) / 2)), $"seed {seed}");
            });
        }
    }

    [Test]
    public void Of_NoSenderCapture_CountsGapsInTheNumbers()
    {
        var timeline = Timeline.Of(100, i => i is 10 or 11 or 50 ? [] : [5_000_000L]);
        var summary = FlowStatistics.Of(timeline.Follow(withSender: false), Results.FlowKind.Probe, null);
        Assert.That((summary.Sent, summary.Received, summary.Lost, summary.OneWayDelayNs), Is.EqualTo(((long?)null, 97L, (long?)3, (Results.DelaySummary?)null)));
        Assert.That(summary.IntervalNs, Is.EqualTo(Timeline.Interval));
    }

    [Test]
    public void Of_DamagedSequenceNumber_DoesNotInventLoss()
    {
        var timeline = Timeline.Of(100, _ => [5_000_000L]);
        timeline.Received.Add((long.MaxValue - 5, 200_000_000));
        Assert.That(FlowStatistics.Of(timeline.Follow(withSender: false), Results.FlowKind.Probe, null).Lost, Is.Zero);
        Assert.That(FlowStatistics.Of(timeline.Follow(), Results.FlowKind.Probe, null).Lost, Is.Zero);
    }

    [Test]
    public void Of_DelayBeyondTheThreshold_IsLateButReceived()
    {
        var summary = FlowStatistics.Of(Timeline.Of(100, i => [i == 7 ? 2_000_000_001L : 2_000_000_000L]).Follow(), Results.FlowKind.Probe, null);
        Assert.That((summary.Late, summary.Lost), Is.EqualTo(((long?)1, (long?)0)));
    }

    [TestCase(23.67, 1.79, 0, 4.39)]
    [TestCase(50, 5, 0, 4.37)]
    [TestCase(150, 20, 1, 4.12)]
    [TestCase(300, 50, 3, 2.93)]
    [TestCase(20, 1, 15, 2.83)]
    [TestCase(20, 1, 40, 1.00)]
    public void OpinionScore_KnownFigures_GivesThePublishedScore(double delayMs, double jitterMs, double lossPercent, double score) =>
        Assert.That(OpinionScore.Of(delayMs, jitterMs, lossPercent), Is.EqualTo(score).Within(0.005));

    /// <summary>The curve itself goes below 1 for ratings up to 6.5.</summary>
    [Test]
    public void OpinionScore_AnyLoss_IsNeverBelowOne([Range(30, 40)] int lossPercent) =>
        Assert.That(OpinionScore.Of(20, 1, lossPercent), Is.InRange(1.0, 1.4));

    private static double JitterByHand(List<(long Sequence, long StampNs)> arrivals)
    {
        var transit = arrivals.Select(p => p.StampNs - (p.Sequence * Timeline.Interval)).ToList();
        return transit.Zip(transit.Skip(1), (a, b) => Math.Abs((double)(b - a))).Aggregate(0.0, (jitter, d) => jitter + ((d - jitter) / 16));
    }
}
