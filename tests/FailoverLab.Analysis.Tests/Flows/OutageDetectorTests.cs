using FailoverLab.Primitives;

namespace FailoverLab.Analysis.Tests;

public sealed class OutageDetectorTests
{
    private const long Ms = 1_000_000;

    /// <summary>The rule of docs/MEASUREMENT.md, said again without any cleverness.</summary>
    [Test]
    public void Find_RandomTimelines_AgreesWithTheRuleByHand()
    {
        var found = 0;
        for (ulong seed = 100; seed < 130; seed++)
        {
            var flow = Timeline.Random(new SeededRandom(seed), 1500).ToTable();
            var outages = new OutageDetector(flow, long.MaxValue / 2).Find().Where(o => o.AfterRow >= 0).ToList();
            Assert.That(outages.Select(o => (o.BeforeRow, o.AfterRow, o.Lost)), Is.EqualTo(ByHand(flow)), $"seed {seed}");
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
            var flow = Timeline.Of(10_000, _ => random.NextDouble() < loss ? [] : [20 * Ms + random.Next(4_000_000)]).ToTable();
            outages += new OutageDetector(flow, long.MaxValue / 2).Find().Count;
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
            var flow = Timeline.Of(5000, i => (i >= 2500 && i < 2500 + cut) || random.NextDouble() < loss ? [] : [20 * Ms]).ToTable();
            var outages = new OutageDetector(flow, long.MaxValue / 2).Find();
            Assert.That(outages.Count(o => o.BeforeRow < 2500 && o.AfterRow >= 2500 + cut), Is.EqualTo(1), $"seed {seed}");
            Assert.That(outages, Has.Count.EqualTo(1), $"seed {seed}");
        }
    }

    [Test]
    public void Find_RepeatedCuts_HidesNoneBehindItsNeighbours()
    {
        var flow = Timeline.Of(5000, i => i % 100 < 50 ? [20 * Ms] : []).ToTable();
        Assert.That(new OutageDetector(flow, long.MaxValue / 2).Find().Count(o => o.AfterRow >= 0), Is.EqualTo(49));
    }

    [Test]
    public void Find_LongerDelayWithoutLoss_IsNoOutage()
    {
        var flow = Timeline.Of(3000, i => [i < 1500 ? 20 * Ms : 170 * Ms]).ToTable();
        Assert.That(new OutageDetector(flow, long.MaxValue / 2).Find(), Is.Empty);
    }

    [Test]
    public void Find_OneLostPacketInALongSilence_IsAnOutage()
    {
        var flow = Timeline.Of(3000, i => i == 1500 ? [] : [i < 1500 ? 20 * Ms : 60 * Ms]).ToTable();
        Assert.That(new OutageDetector(flow, long.MaxValue / 2).Find(), Is.EqualTo(new[] { new Silence(1499, 1501, 1) }));
    }

    [Test]
    public void Find_ReorderedAroundTheCut_CountsOnlyTheLost()
    {
        // 99 overtakes 98 before the cut, 152 overtakes 150 and 151 after it; 100 to 149 are lost.
        var flow = Timeline.Of(300, i => i is >= 100 and < 150 ? [] : [i == 98 ? 22 * Ms + 1 : i == 152 ? 10 * Ms : 20 * Ms]).ToTable();
        Assert.That(new OutageDetector(flow, long.MaxValue / 2).Find(), Is.EqualTo(new[] { new Silence(98, 152, 50) }));
    }

    [TestCase(0, ExpectedResult = 0)]
    [TestCase(20, ExpectedResult = 0)]
    [TestCase(200, ExpectedResult = 1)]
    public int Find_LastPacketsNeverArrive_IsAnOutageOnlyBeyondWhatIsInFlight(int lost)
    {
        var flow = Timeline.Of(1000, i => i >= 1000 - lost ? [] : [20 * Ms]).ToTable();
        var outages = new OutageDetector(flow, 1000 * Ms).Find();
        Assert.That(outages.All(o => o.AfterRow < 0), Is.True);
        return outages.Count;
    }

    [Test]
    public void Find_SenderStoppedLongAgo_EndsNormally()
    {
        var flow = Timeline.Of(1000, _ => [20 * Ms]).ToTable();
        Assert.That(new OutageDetector(flow, 60_000 * Ms).Find(), Is.Empty);
    }

    [Test]
    public void Find_NothingEverDelivered_IsOneOutageWithoutStartOrEnd()
    {
        var flow = Timeline.Of(1000, _ => []).ToTable();
        Assert.That(new OutageDetector(flow, 2000 * Ms).Find(), Is.EqualTo(new[] { new Silence(-1, -1, 1000) }));
    }

    private static List<(int, int, int)> ByHand(FlowTable flow)
    {
        var result = new List<(int, int, int)>();
        var delays = flow.Arrivals.Select(r => flow.ReceivedNs[r] - flow.SendNs[r]).ToList();
        for (var k = 1; k < flow.Arrivals.Length; k++)
        {
            var (before, after) = (flow.Arrivals[k - 1], flow.Arrivals[k]);
            var silence = flow.ReceivedNs[after] - flow.ReceivedNs[before];
            var lost = Enumerable.Range(0, flow.Count).Count(r => r > before && r < after && flow.IsLost(r));
            if (lost == 0 || silence <= 3 * flow.IntervalNs) continue;
            var ratio = Math.Min(0.5, Math.Max(Ratio(flow, before - 200, before), Ratio(flow, after + 1, after + 201)));
            var chance = lost >= 3 && flow.Count * Math.Pow(ratio, lost) <= 0.01 * 1.000001;
            var variation = Math.Max(Range(delays.Skip(k - 100 < 0 ? 0 : k - 100).Take(Math.Min(100, k))), Range(delays.Skip(k).Take(100)));
            if (chance || silence > ((lost + 1) * flow.IntervalNs) + variation) result.Add((before, after, lost));
        }

        return result;
    }

    private static double Ratio(FlowTable flow, int from, int to)
    {
        var rows = Enumerable.Range(0, flow.Count).Where(r => r >= from && r < to).ToList();
        return rows.Count < 20 ? 0.000001 : (rows.Count(flow.IsLost) + 1.0) / (rows.Count + 2);
    }

    private static long Range(IEnumerable<long> values) => values.DefaultIfEmpty().Max() - values.DefaultIfEmpty().Min();
}
