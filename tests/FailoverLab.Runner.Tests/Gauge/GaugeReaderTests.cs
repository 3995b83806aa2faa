using FailoverLab.Results;

namespace FailoverLab.Runner.Tests;

public sealed class GaugeReaderTests
{
    private const long Ms = 1_000_000;
    private static readonly GaugeTruth[] Truths = [new(1000 * Ms, 50 * Ms, "a", "b", 3 * Ms), new(2000 * Ms, 20 * Ms, "b", "a", -3 * Ms)];

    [Test]
    public void Read_BothCutsSeen_GivesEachItsOwn()
    {
        var (runs, strays) = GaugeReader.Read(
            new RunResult { Outages = [Outage(1010, 1063), Outage(2013, 2030)], Failovers = [Failover("a", "b", 1063, 999, 1001), Failover("b", "a", 2030, 1999, 2000)] },
            Truths);

        Assert.That(strays, Is.Zero);
        Assert.That(runs.Select(r => r.Measured["outage"].ValueNs / Ms), Is.EqualTo(new[] { 53, 17 }));
        Assert.That(runs.Select(r => r.Measured["timestampBased"].ValueNs / Ms), Is.EqualTo(new[] { 1063, 2030 }));
        Assert.That(runs[0].Measured["faultInstant"], Is.EqualTo(new MeasuredTime(1000 * Ms, 999 * Ms, 1001 * Ms)));
        Assert.That(runs[0].Measured, Does.Not.ContainKey("lossDerived"));
    }

    [Test]
    public void Read_OutagesBesideACut_AreStraysAndTheNearestCounts()
    {
        var (runs, strays) = GaugeReader.Read(new RunResult { Outages = [Outage(500, 510), Outage(1010, 1063), Outage(1500, 1520)] }, Truths);

        Assert.That(strays, Is.EqualTo(2));
        Assert.That(runs[0].Measured["outage"].ValueNs, Is.EqualTo(53 * Ms));
        Assert.That(runs[1].Measured, Is.Empty);
    }

    [Test]
    public void Read_FailoverTheOtherWay_IsAStray()
    {
        var (runs, strays) = GaugeReader.Read(new RunResult { Failovers = [Failover("b", "a", 1063, 999, 1001)] }, Truths);

        Assert.That(strays, Is.EqualTo(1));
        Assert.That(runs[0].Measured, Is.Empty);
    }

    [TestCase(1, true)]
    [TestCase(2, false)]
    public void Read_FullConvergence_CountsOnlyWhereItCouldHold(int cuts, bool counts)
    {
        var failover = Failover("a", "b", 1063, 999, 1001) with
        {
            Flows = [new FailoverFlow("flow", new FailoverMethods { RateDerivedFirst = new MeasuredTime(1, 0, 2), RateDerivedFull = new MeasuredTime(1, 0, 2) })],
        };
        var (runs, _) = GaugeReader.Read(new RunResult { Failovers = [failover] }, Truths[..cuts]);

        Assert.That(runs[0].Measured.ContainsKey("rateDerivedFull"), Is.EqualTo(counts), "the second cut follows within 5 s");
        Assert.That(runs[0].Measured, Contains.Key("rateDerivedFirst"));
    }

    [Test]
    public void Read_OutageThatNeverEnds_HasNoFigure()
    {
        var open = Outage(2013, 2500) with { EndNs = null, HighNs = null, Recovered = false };
        var (runs, strays) = GaugeReader.Read(new RunResult { Outages = [open] }, Truths);

        Assert.That((runs[1].Measured.Count, strays), Is.EqualTo((0, 0)));
    }

    private static Outage Outage(long startMs, long endMs) => new()
    {
        Flow = "flow",
        StartNs = startMs * Ms,
        EndNs = endMs * Ms,
        DurationNs = (endMs - startMs) * Ms,
        LowNs = 0,
        HighNs = (endMs - startMs) * Ms,
        Recovered = true,
    };

    private static Failover Failover(string from, string to, long firstOnNewMs, long lowMs, long highMs) => new()
    {
        Kind = FailoverKind.Failover,
        FromPath = from,
        ToPath = to,
        Fault = new FaultInstant { PacketsLowNs = lowMs * Ms, PacketsHighNs = highMs * Ms },
        Flows = [new FailoverFlow("flow", new FailoverMethods { TimestampBased = new MeasuredTime(firstOnNewMs * Ms, 0, 0) })],
        Anatomy = [new AnatomyMark(AnatomyMarkKind.FirstOnNewPath, firstOnNewMs * Ms)],
    };
}
