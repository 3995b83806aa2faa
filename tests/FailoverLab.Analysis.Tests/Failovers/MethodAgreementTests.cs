using FailoverLab.Primitives;
using FailoverLab.Results;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

/// <summary>Where the methods differ, the reason is said, of the methods it sets apart.</summary>
public sealed class MethodAgreementTests
{
    private const long Fault = 1000 * Ms;
    private static readonly FaultContext Step = new("drop", T0 + Fault, T0 + Fault, false) { Path = "starlink-1" };

    [Test]
    public void Analyze_CopiesOnTheBackup_IsDuplication()
    {
        var lab = new SyntheticLab { Route = (_, at) => at < 900 * Ms ? [0] : at < 1200 * Ms ? [0, 1] : [1], Survives = (_, path, at) => path != 0 || at < Fault };
        var found = Single(lab.Send(Up, 0, 7000 * Ms).Analyze(Context(Up) with { Faults = [Step] }), "duplication");
        Assert.That(found.Methods, Is.EqualTo(new[] { "lossDerived", "routeSpecificLossDerived", "packetLossBased", "timestampBased" }));
        Assert.That(found.Text, Does.StartWith("1 of 1 flows lost nothing"));
    }

    /// <summary>The step tells when it began; without one, the packets do.</summary>
    [Test]
    public void Analyze_PathLosesMoreAndMore_IsABrownout([Values] bool withStep)
    {
        var random = new SeededRandom(5);
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < 1600 * Ms ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < Fault || random.NextDouble() >= 0.3,
        };
        lab.DelayNs[1] = lab.DelayNs[0];
        var result = lab.Send(Up, 0, 8000 * Ms).Analyze(Context(Up) with { Faults = withStep ? [Step] : [] });
        var found = Single(result, "brownout");
        Assert.That(found.Methods, Is.EqualTo(new[] { "routeSpecificLossDerived", "lossDerived", "packetLossBased", "timestampBased" }));
        var methods = result.Failovers.Single().Flows.Single().Methods;
        Assert.That(methods.RouteSpecificLossDerived!.ValueNs, Is.EqualTo(result.Flows.Single().Lost * Ms), "all loss since it began counts");
        Assert.That(methods.RateDerivedFirst!.ValueNs, Is.EqualTo(600 * Ms).Within(40 * Ms), "from the onset, not from the last good packet");
    }

    [TestCase(2, "reordering", "16ms shorter")]
    [TestCase(1, "delay-change", "2ms longer")]
    public void Analyze_BackupOfOtherLength_IsSaid(int backup, string cause, string text)
    {
        var lab = new SyntheticLab { Route = (_, at) => [at < 1060 * Ms ? 0 : backup], Survives = (_, path, at) => path != 0 || at < Fault };
        var found = Single(lab.Send(Up, 0, 7000 * Ms).Analyze(Context(Up)), cause);
        Assert.That(found.Methods, Is.EquivalentTo(new[] { "timeBasedLoss", "timestampBased" }));
        Assert.That(found.Text, Does.Contain(text));
    }

    [Test]
    public void Analyze_GapShorterThanASample_IsSampling()
    {
        var lab = new SyntheticLab { Route = (_, at) => [at < 1005 * Ms ? 0 : 1], Survives = (_, path, at) => path != 0 || at < Fault };
        lab.DelayNs[1] = lab.DelayNs[0];
        Assert.That(Single(lab.Send(Up, 0, 7000 * Ms).Analyze(Context(Up)), "sampling").Methods, Is.EqualTo(new[] { "rateDerivedFirst", "rateDerivedFull" }));
    }

    /// <summary>A buffer keeps everything for 3 s while the path is dead: nothing is lost, and nothing was forwarded either.</summary>
    [Test]
    public void Analyze_HeldInABuffer_IsLateAndNotALongerPath()
    {
        var lab = new SyntheticLab { Route = (_, at) => [at < 2000 * Ms ? 0 : 1], ExtraDelay = (path, at) => path == 1 && at < 2500 * Ms ? 3000 * Ms : 0 };
        var result = lab.Send(Up, 0, 9000 * Ms).Analyze(Context(Up));
        var found = result.Failovers.Single().Disagreements!.Single(d => d.Cause is "late" or "delay-change");
        Assert.That((found.Cause, result.Flows.Single().Late, result.Flows.Single().Lost), Is.EqualTo(("late", (long?)500, (long?)0)));
        Assert.That(found.Text, Does.Contain(" 500 packets").And.Contain("500ms of traffic"));
        Assert.That(found.Methods, Does.Contain("packetLossBased").And.Contain("timestampBased").And.Contain("timeBasedLoss"));
    }

    [TestCase(50, 60, null)]
    [TestCase(70, 80, "rateDerivedFull is at least 70ms, packetLossBased at most 61ms")]
    public void Explain_IntervalsWithoutACommonValue_AreNeverSilent(long lowMs, long highMs, string? text)
    {
        var flow = Timeline.Of(100, _ => [5_000_000L]).Follow();
        var timing = new MoveTiming(flow, new PathMove(new WorkingPath(0, -1, 0, 0), null, null, (0, 0), 0));
        var time = new MeasuredTime(60 * Ms, 59 * Ms, 61 * Ms);
        var methods = new FailoverMethods
        {
            PacketLossBased = time,
            RouteSpecificLossDerived = time,
            LossDerived = time,
            TimestampBased = time,
            TimeBasedLoss = time,
            RateDerivedFull = new MeasuredTime(lowMs * Ms, lowMs * Ms, highMs * Ms),
        };
        var told = MethodAgreement.Explain([(new FailoverFlow("flow", methods), timing)], true, false, null).Where(d => d.Cause == "unexplained").ToList();
        Assert.That(told.Count, Is.EqualTo(text is null ? 0 : 1));
        if (text is null) return;
        Assert.That(told[0].Methods, Does.Contain("rateDerivedFull").And.Contain("packetLossBased").And.Contain("timestampBased"));
        Assert.That(told[0].Text, Does.Contain("rateDerivedFull is at least 70ms").And.Contain("at most 61ms"));
    }

    /// <summary>Ten flows' gaps differ by direction: each method's least, median and most are those of the flows.</summary>
    [Test]
    public void Analyze_FlowsOfUnequalGaps_OverallHoldsLeastMedianAndMost()
    {
        var third = Up with { Id = 3, Name = "third" };
        var lab = new SyntheticLab
        {
            Route = (flow, at) => [at < (1000 + (flow * 40)) * Ms ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < Fault,
        };
        var failover = lab.Send(Up, 0, 7000 * Ms).Send(Down, 0, 7000 * Ms).Send(third, 0, 7000 * Ms).Analyze(Context(Up, Down, third)).Failovers.Single();
        var own = failover.Flows.Select(f => f.Methods.PacketLossBased!).OrderBy(t => t.ValueNs).ToList();
        Assert.That(own.Select(t => t.ValueNs / Ms), Is.EqualTo(new[] { 40, 80, 120 }).Within(1));
        Assert.That(failover.Overall!.PacketLossBased, Is.EqualTo(new TimeSpread(own[0], own[1], own[2])));
        foreach (var spread in new[] { failover.Overall.TimestampBased!, failover.Overall.TimeBasedLoss!, failover.Overall.RouteSpecificLossDerived! })
            Assert.That(new[] { spread.Min.ValueNs, spread.Median.ValueNs, spread.Max.ValueNs }.Select(ns => ns / (double)Ms), Is.EqualTo(new[] { 40.0, 80, 120 }).Within(3));
    }

    private static MethodDisagreement Single(RunResult result, string cause) => result.Failovers.Single().Disagreements!.Single(d => d.Cause == cause);
}
