using FailoverLab.Primitives;

namespace FailoverLab.Analysis.Tests;

public sealed class OutageRuleTests
{
    private const long Ms = 1_000_000;

    /// <summary>The rule of docs/MEASUREMENT.md, said again without any cleverness.</summary>
    [Test]
    public void Find_RandomTimelines_AgreesWithTheRuleByHand()
    {
        var found = 0;
        for (ulong seed = 100; seed < 130; seed++)
        {
            var timeline = Timeline.Random(new SeededRandom(seed), 1500);
            var outages = Rows(timeline.Follow()).Where(o => o.AfterRow >= 0).ToList();
            Assert.That(outages, Is.EqualTo(ByHand(timeline)), $"seed {seed}");
            found += outages.Count;
        }

        Assert.That(found, Is.GreaterThan(50), "the timelines must hold outages for this test to say anything");
    }

    [TestCase(0.01)]
    [TestCase(0.05)]
    [TestCase(0.15)]
    [TestCase(0.3)]
    public void Find_IndependentLossWithJitter_IsLossAndNoOutage(double loss)
    {
        var outages = 0;
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var random = new SeededRandom(seed);
            var flow = Timeline.Of(10_000, _ => random.NextDouble() < loss ? [] : [20 * Ms + random.Next(4_000_000)]).Follow();
            outages += Rows(flow).Count;
        }

        // One in a hundred flows may show one by chance; three in thirty would be no chance.
        Assert.That(outages, Is.LessThanOrEqualTo(2), $"false outages in 30 flows at {loss:P0} loss");
    }

    [TestCase(0, 3)]
    [TestCase(0, 50)]
    [TestCase(0.15, 20)]
    [TestCase(0.3, 30)]
    public void Find_CutWithinLoss_IsTheOneOutage(double loss, int cut)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var random = new SeededRandom(seed);
            var flow = Timeline.Of(5000, i => (i >= 2500 && i < 2500 + cut) || random.NextDouble() < loss ? [] : [20 * Ms]).Follow();
            var outages = Rows(flow);
            Assert.That(outages.Count(o => o.BeforeRow < 2500 && o.AfterRow >= 2500 + cut), Is.EqualTo(1), $"seed {seed}");
            Assert.That(outages, Has.Count.EqualTo(1), $"seed {seed}");
        }
    }

    [Test]
    public void Find_RepeatedCuts_HidesNoneBehindItsNeighbours()
    {
        var flow = Timeline.Of(5000, i => i % 100 < 50 ? [20 * Ms] : []).Follow();
        Assert.That(Rows(flow).Count(o => o.AfterRow >= 0), Is.EqualTo(49));
    }

    [Test]
    public void Find_LongerDelayWithoutLoss_IsNoOutage()
    {
        var flow = Timeline.Of(3000, i => [i < 1500 ? 20 * Ms : 170 * Ms]).Follow();
        Assert.That(Rows(flow), Is.Empty);
    }

    [Test]
    public void Find_OneLostPacketInALongSilence_IsAnOutage()
    {
        var flow = Timeline.Of(3000, i => i == 1500 ? [] : [i < 1500 ? 20 * Ms : 60 * Ms]).Follow();
        Assert.That(Rows(flow), Is.EqualTo(new[] { (1499L, 1501L, 1) }));
    }

    [Test]
    public void Find_ReorderedAroundTheCut_CountsOnlyTheLost()
    {
        // 99 overtakes 98 before the cut, 152 overtakes 150 and 151 after it; 100 to 149 are lost.
        var flow = Timeline.Of(300, i => i is >= 100 and < 150 ? [] : [i == 98 ? 22 * Ms + 1 : i == 152 ? 10 * Ms : 20 * Ms]).Follow();
        Assert.That(Rows(flow), Is.EqualTo(new[] { (98L, 152L, 50) }));
    }

    [TestCase(0, ExpectedResult = 0)]
    [TestCase(20, ExpectedResult = 0)]
    [TestCase(200, ExpectedResult = 1)]
    public int Find_LastPacketsNeverArrive_IsAnOutageOnlyBeyondWhatIsInFlight(int lost)
    {
        var flow = Timeline.Of(1000, i => i >= 1000 - lost ? [] : [20 * Ms]).Follow(observationEndNs: 1000 * Ms);
        var outages = Rows(flow);
        Assert.That(outages.All(o => o.AfterRow < 0), Is.True);
        return outages.Count;
    }

    [Test]
    public void Find_SenderStoppedLongAgo_EndsNormally()
    {
        var flow = Timeline.Of(1000, _ => [20 * Ms]).Follow(observationEndNs: 60_000 * Ms);
        Assert.That(Rows(flow), Is.Empty);
    }

    [Test]
    public void Find_NothingEverDelivered_IsOneOutageWithoutStartOrEnd()
    {
        var flow = Timeline.Of(1000, _ => []).Follow(observationEndNs: 2000 * Ms);
        Assert.That(Rows(flow), Is.EqualTo(new[] { (-1L, -1L, 1000) }));
    }

    private static List<(long BeforeRow, long AfterRow, int Lost)> Rows(FlowResult flow) =>
        [.. flow.Outages.Select(o => (o.Before?.Row ?? -1, o.After?.Row ?? -1, o.Lost))];

    private static List<(long, long, int)> ByHand(Timeline timeline)
    {
        var result = new List<(long, long, int)>();
        var arrivals = timeline.Received.DistinctBy(p => p.Sequence).ToList();
        var delays = arrivals.ConvertAll(p => p.StampNs - (p.Sequence * Timeline.Interval));
        var lost = Enumerable.Range(0, timeline.Sent.Count).Select(i => (long)i).Except(arrivals.Select(p => p.Sequence)).ToHashSet();
        for (var k = 1; k < arrivals.Count; k++)
        {
            var (before, after) = (arrivals[k - 1].Sequence, arrivals[k].Sequence);
            var silence = arrivals[k].StampNs - arrivals[k - 1].StampNs;
            var missing = lost.Count(r => r > before && r < after);
            if (missing == 0 || silence <= 3 * Timeline.Interval) continue;
            var ratio = Math.Min(0.5, Math.Max(Ratio(timeline, lost, before - 200, before), Ratio(timeline, lost, after + 1, after + 201)));
            var chance = missing >= 3 && timeline.Sent.Count * Math.Pow(ratio, missing) <= 0.01 * 1.000001;
            var variation = Math.Max(Range(delays.Skip(k - 100 < 0 ? 0 : k - 100).Take(Math.Min(100, k))), Range(delays.Skip(k).Take(100)));
            if (chance || silence > (Math.Max(missing + 1, after - before) * Timeline.Interval) + variation) result.Add((before, after, missing));
        }

        return result;
    }

    private static double Ratio(Timeline timeline, HashSet<long> lost, long from, long to)
    {
        var rows = Enumerable.Range(0, timeline.Sent.Count).Where(r => r >= from && r < to).ToList();
        return rows.Count < 20 ? 0.000001 : (rows.Count(r => lost.Contains(r)) + 1.0) / (rows.Count + 2);
    }

    private static long Range(IEnumerable<long> values) => values.DefaultIfEmpty().Max() - values.DefaultIfEmpty().Min();
}
