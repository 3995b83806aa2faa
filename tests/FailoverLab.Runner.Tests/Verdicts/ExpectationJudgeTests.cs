using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner.Tests;

public sealed class ExpectationJudgeTests
{
    private const long Start = 1_000_000_000_000;

    [TestCase(60, 59, 61, 100, Verdict.Pass)]
    [TestCase(101, 100.5, 101.5, 100, Verdict.Fail)]
    [TestCase(100, 99, 101, 100, Verdict.Inconclusive)]
    public void Judge_Outage_ComparesTheWholeInterval(double ms, double low, double high, double limit, Verdict expected)
    {
        var result = Judge(Expect(ExpectationMetric.Outage, max: limit * 1e6), Run(Outage(2000, ms, low, high)));

        Assert.That(result.Verdict, Is.EqualTo(expected));
    }

    [Test]
    public void Judge_OutageNeverEnds_Fails()
    {
        var endless = Outage(2000, 5000, 4999, 5001) with { Recovered = false, EndNs = null, HighNs = null };

        var result = Judge(Expect(ExpectationMetric.Outage, max: 100e6), Run(endless));

        Assert.That(result.Verdict, Is.EqualTo(Verdict.Fail));
        Assert.That(result.Observed, Does.Contain("no end"));
    }

    [Test]
    public void Judge_OutageOutsideTheWindow_DoesNotCount()
    {
        var expectation = Expect(ExpectationMetric.Outage, max: 100e6) with { From = TimeSpan.FromSeconds(5), To = TimeSpan.FromSeconds(8) };

        var result = Judge(expectation, Run(Outage(2000, 900, 899, 901), Outage(6000, 40, 39, 41)));

        Assert.That(result.Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(result.Observed, Does.StartWith("40ms"));
    }

    [Test]
    public void Judge_NoFlowAtAll_IsInconclusive()
    {
        var nothing = new RunResult { StartNs = Start };

        Assert.That(Judge(Expect(ExpectationMetric.Outage, max: 1e6), nothing).Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(Judge(Expect(ExpectationMetric.CaptureDrops, max: 0), nothing).Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [TestCase(1, Verdict.Pass)]
    [TestCase(2, Verdict.Fail)]
    public void Judge_ExactCount_AllowsNothingElse(int allowed, Verdict expected)
    {
        var run = Run() with { Failovers = [Move(FailoverKind.Failover, 3000), Move(FailoverKind.Reversion, 7000)] };

        var result = Judge(Expect(ExpectationMetric.Failovers, max: allowed) with { Min = allowed }, run);

        Assert.That(result.Verdict, Is.EqualTo(expected));
        Assert.That(result.Limit, Is.EqualTo($"exactly {allowed}"));
    }

    [TestCase(1, 100_000, Verdict.Pass)]
    [TestCase(1, 60_000_000, Verdict.Inconclusive)]
    [TestCase(70, 100_000, Verdict.Fail)]
    [TestCase(1, null, Verdict.Pass)]
    public void Judge_StartSkew_IsKnownToTheBoundsOfItsStarts(int lateMs, int? boundNs, Verdict expected)
    {
        var run = Run() with { StartSkewNs = new StartSkew(lateMs * 1_000_000L, [new StepStart("a", "01", Start, Start + (lateMs * 1_000_000L), boundNs)]) };

        Assert.That(Judge(Expect(ExpectationMetric.StartSkew, max: 50e6), run).Verdict, Is.EqualTo(expected));
    }

    [TestCase(1.0, "starlink-1")]
    [TestCase(2.6, "starlink-2")]
    public void Judge_WorkingPath_IsTheLastThatCarried(double atSeconds, string expected)
    {
        var expectation = Expect(ExpectationMetric.WorkingPath) with { Is = expected, To = TimeSpan.FromSeconds(atSeconds) };

        Assert.That(Judge(expectation, Run()).Verdict, Is.EqualTo(Verdict.Pass));
    }

    [Test]
    public void Judge_LossInWindow_CountsOnlyItsBins()
    {
        var early = Expect(ExpectationMetric.Lost, max: 0) with { To = TimeSpan.FromSeconds(1.9) };

        Assert.That(Judge(early, Run()).Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(Judge(Expect(ExpectationMetric.Lost, max: 0), Run()).Observed, Is.EqualTo("30"));
    }

    [Test]
    public void Of_MixedVerdicts_GravestWins()
    {
        var pass = new ExpectationResult("a", "1", "1", "count", Verdict.Pass);

        Assert.That(RunVerdict.Of([pass], isComplete: true), Is.EqualTo(Verdict.Pass));
        Assert.That(RunVerdict.Of([pass, pass with { Verdict = Verdict.Inconclusive }], isComplete: true), Is.EqualTo(Verdict.Inconclusive));
        Assert.That(RunVerdict.Of([pass with { Verdict = Verdict.Inconclusive }, pass with { Verdict = Verdict.Fail }], isComplete: true), Is.EqualTo(Verdict.Fail));
        Assert.That(RunVerdict.Of([pass], isComplete: false), Is.EqualTo(Verdict.Incomplete));
    }

    private static ExpectationResult Judge(ExpectationPlan expectation, RunResult run) => ExpectationJudge.Judge(expectation, run);

    private static ExpectationPlan Expect(ExpectationMetric metric, double? max = null) =>
        new() { Metric = metric, Max = max, Text = "as asked", Position = SourcePosition.WholeFile("test") };

    /// <summary>One flow of three 1 s bins: two over starlink-1, then one with losses over starlink-2.</summary>
    private static RunResult Run(params Outage[] outages) => new()
    {
        StartNs = Start,
        Outages = outages,
        Paths =
        [
            new PathSummary { Name = "starlink-1", Packets = 2000, Share = 0.67 },
            new PathSummary { Name = "starlink-2", Packets = 1000, Share = 0.33 },
        ],
        Flows =
        [
            new FlowSummary
            {
                Id = "f",
                Kind = FlowKind.Probe,
                Received = 2970,
                Series = new FlowSeries
                {
                    StartNs = Start,
                    BinNs = 1_000_000_000,
                    Sent = [1000, 1000, 1000],
                    Received = [1000, 1000, 970],
                    Lost = [0, 0, 30],
                    DelayNs = [20_000_000, 20_000_000, 22_000_000],
                    Path = [0, 0, 1],
                },
            },
        ],
    };

    private static Outage Outage(long startMs, double ms, double low, double high) => new()
    {
        Flow = "f",
        StartNs = Start + (startMs * 1_000_000),
        EndNs = Start + (startMs * 1_000_000) + (long)(ms * 1e6),
        DurationNs = (long)(ms * 1e6),
        LowNs = (long)(low * 1e6),
        HighNs = (long)(high * 1e6),
        Recovered = true,
    };

    private static Failover Move(FailoverKind kind, long atMs) => new()
    {
        Kind = kind,
        FromPath = "starlink-1",
        Fault = new FaultInstant(),
        Flows = [],
        Anatomy = [new AnatomyMark(AnatomyMarkKind.FirstOnNewPath, Start + (atMs * 1_000_000))],
    };
}
