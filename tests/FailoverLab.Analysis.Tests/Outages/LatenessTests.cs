using FailoverLab.Results;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

/// <summary>A packet at the edge of a silence that came later than is usual on its path: the silence is so much shorter or longer, and the intervals say so.</summary>
public sealed class LatenessTests
{
    private const long Fault = (1000 * Ms) + 400_000;
    private const long Back = Fault + (60 * Ms);
    private const long FirstEntry = (1061 * Ms) + 20_000;

    // What the receiver went without, had nothing been late: the new path is 2 ms longer.
    private const long Silence = Back - Fault + (2 * Ms);

    [TestCase(0, 0, null, null)]
    [TestCase(7_000_000, 0, 7_000_000L, null)]
    [TestCase(0, 9_000_000, null, 9_000_000L)]
    [TestCase(6_000_000, 3_000_000, 6_000_000L, 3_000_000L)]
    [TestCase(900_000, 900_000, null, null)]
    public void Analyze_PacketLateAtAnEdge_IsToldAndTheIntervalsHoldTheSilence(long beforeNs, long afterNs, long? toldBefore, long? toldAfter)
    {
        var (outage, methods) = Cut(beforeNs, afterNs);
        Assert.That((outage.StartLateNs, outage.EndLateNs), Is.EqualTo((toldBefore, toldAfter)));
        Assert.That(outage.DurationNs, Is.EqualTo((62 * Ms) + afterNs - beforeNs), "what was seen stays what was seen");
        foreach (var measured in new[] { new MeasuredTime(outage.DurationNs, outage.LowNs, outage.HighNs!.Value), methods.TimeBasedLoss })
        {
            Silence.AssertHeldBy(measured);
            (Back - Fault).AssertHeldBy(measured);
        }
    }

    /// <summary>The paths stay 2 ms apart: what is more is lateness, and no longer path.</summary>
    [TestCase(0, 0, "delay-change")]
    [TestCase(0, 9_000_000, "delay-change edge-lateness")]
    [TestCase(5_000_000, 4_500_000, "delay-change")]
    public void Analyze_PacketLateAtAnEdge_IsNamedApartFromTheLongerPath(long beforeNs, long afterNs, string causes)
    {
        var told = Analyze(beforeNs, afterNs).Failovers.Single().Disagreements!.Where(d => d.Cause is not "sampling").ToList();
        Assert.That(told.Select(d => d.Cause), Is.EqualTo(causes.Split(' ')));
        Assert.That(told[0].Text, Does.Contain("the new path is 2ms longer"));
        if (told.Count > 1) Assert.That(told[1].Text, Does.Contain("over the old path took 0s longer than is usual there, the first over the new one 9ms;"));
    }

    /// <summary>59..63 ms, as in docs/MEASUREMENT.md, section 6, and beyond it what the lateness adds, once.</summary>
    [TestCase(0, 0, 59, 63)]
    [TestCase(7_000_000, 0, 54, 63)]
    [TestCase(0, 9_000_000, 59, 72)]
    [TestCase(5_000_000, 5_000_000, 59, 63)]
    public void Analyze_PacketLateAtAnEdge_IntervalGrowsByTheLatenessAlone(long beforeNs, long afterNs, int lowMs, int highMs)
    {
        var (outage, methods) = Cut(beforeNs, afterNs);
        Assert.That((outage.LowNs, outage.HighNs), Is.EqualTo((lowMs * Ms, (long?)highMs * Ms)));
        Assert.That((methods.TimeBasedLoss!.LowNs, methods.TimeBasedLoss.HighNs), Is.EqualTo((lowMs * Ms, highMs * Ms)));
    }

    /// <summary>At the receiver alone the stamps in the packets tell the delay.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void Follow_PacketLateAtAnEdge_IsKnownFromItsDelay(bool withSender)
    {
        var silence = Timeline.Of(1000, i => i is >= 400 and < 460 ? [] : [20 * Ms + (i == 399 ? 7 * Ms : i > 399 ? Held((i - 460) * Ms, 4 * Ms) : 0)]).Follow(withSender).Outages.Single();
        Assert.That((silence.BeforeLateNs, silence.AfterLateNs), Is.EqualTo((7 * Ms, 4 * Ms)));
    }

    /// <summary>The latest deliveries are what is usual, and of them those over the same path.</summary>
    [TestCase(260, 0)]
    [TestCase(370, 10)]
    public void Follow_DelayChangedBefore_LatenessIsAgainstTheHundredBeside(int changedAt, int lateMs)
    {
        var silence = Timeline.Of(1000, i => i is >= 400 and < 460 ? [] : [i < changedAt ? 20 * Ms : 30 * Ms]).Follow().Outages.Single();
        Assert.That((silence.BeforeLateNs, silence.AfterLateNs), Is.EqualTo((lateMs * Ms, 0L)));
    }

    [Test]
    public void Follow_FewDeliveriesBeside_AreWhatIsUsual()
    {
        var silence = Timeline.Of(110, i => i is >= 40 and < 100 ? [] : [i >= 109 ? 25 * Ms : 20 * Ms]).Follow().Outages.Single();
        Assert.That((silence.BeforeLateNs, silence.AfterLateNs), Is.EqualTo((0L, 0L)));
    }

    [TestCase(-1, 100, 100, 0)]
    [TestCase(0, 100, 128, 500)]
    [TestCase(1, 100, 128, 0)]
    public void LatenessNs_SeveralPaths_IsAgainstItsOwn(int path, long delay, int latest, long late)
    {
        var delays = new RecentDelays();
        for (var i = 0; i < 300; i++) delays.Add(i % 2 == 0 ? delay - 500 : delay, i % 2);
        Assert.That(delays.LatenessNs(new Arrival(0, 0, delay, 0, path), latest), Is.EqualTo(late));
    }

    [TestCase(50)]
    [TestCase(128)]
    [TestCase(300)]
    public void Add_ManyAtOnce_IsAsOneByOne(int count)
    {
        var (single, whole) = (new RecentDelays(), new RecentDelays());
        foreach (var delays in new[] { single, whole })
        {
            for (var i = 0; i < 70; i++) delays.Add(1_000 + i, 3);
        }

        long[] more = [.. Enumerable.Range(0, count).Select(i => (long)(i * 7919 % 1_000))];
        foreach (var delay in more) single.Add(delay, -1);
        whole.Add(more);
        Assert.That((whole.Count, whole.RangeNs(128), whole.RangeNs(20)), Is.EqualTo((single.Count, single.RangeNs(128), single.RangeNs(20))));
        foreach (var path in new[] { -1, 3 })
            Assert.That(whole.LatenessNs(new Arrival(0, 0, 5_000, 0, path), 128), Is.EqualTo(single.LatenessNs(new Arrival(0, 0, 5_000, 0, path), 128)));
    }

    /// <summary>What a path that pauses adds to a packet so long after the first it holds: all come out at the end, one after another.</summary>
    private static long Held(long sinceNs, long pauseNs) => Math.Max(0, pauseNs - (sinceNs / 1_000 * 999));

    /// <summary>The example of docs/MEASUREMENT.md, with lateness of the last packet before the cut and the first after it.</summary>
    private static RunResult Analyze(long beforeNs, long afterNs)
    {
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < Back ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < Fault,
            ExtraDelay = (path, at) => path == 0 && at > Fault - Ms ? beforeNs : path == 1 ? Held(at - FirstEntry, afterNs) : 0,
        };
        return lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up));
    }

    private static (Outage Outage, FailoverMethods Methods) Cut(long beforeNs, long afterNs)
    {
        var result = Analyze(beforeNs, afterNs);
        return (result.Outages.Single(), result.Failovers.Single().Flows.Single().Methods);
    }
}
