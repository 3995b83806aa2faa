using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner.Tests;

public sealed class LabFaultsTests
{
    private const long Start = 1_000_000_000_000;
    private const long MillisecondNs = 1_000_000;

    [TestCase(5_000, 14, true, Verdict.Fail, TestName = "Weigh_ShortStall_StaysFailed")]
    [TestCase(5_000, 15, true, Verdict.Inconclusive, TestName = "Weigh_StallInTheWindow_IsUndecided")]
    [TestCase(3_300, 40, true, Verdict.Inconclusive, TestName = "Weigh_StallJustBeforeTheWindow_IsUndecided")]
    [TestCase(2_000, 40, true, Verdict.Fail, TestName = "Weigh_StallLongBefore_StaysFailed")]
    [TestCase(6_001, 40, true, Verdict.Fail, TestName = "Weigh_StallAfterTheWindow_StaysFailed")]
    [TestCase(5_000, 49, false, Verdict.Fail, TestName = "Weigh_OrdinaryThreadWaitedShortly_StaysFailed")]
    [TestCase(5_000, 50, false, Verdict.Inconclusive, TestName = "Weigh_OrdinaryThreadWaitedLong_IsUndecided")]
    public void Weigh_FailureBesideAStall(int atMs, int forMs, bool urgent, Verdict expected)
    {
        var run = new RunResult { StartNs = Start, Stalls = [new MachineStall(Start + (atMs * MillisecondNs), forMs * MillisecondNs, urgent)] };

        Assert.That(Weigh(Verdict.Fail, run), Is.EqualTo(expected));
    }

    [TestCase(Verdict.Fail, Verdict.Inconclusive)]
    [TestCase(Verdict.Pass, Verdict.Fail)]
    public void Weigh_FailureBesideALink(Verdict link, Verdict expected)
    {
        var audit = new LinkAudit { Path = "lte", Direction = "up", FromNs = Start, ToNs = Start + (9000 * MillisecondNs), Asked = "", Packets = 1, Lost = 0, Verdict = link };

        Assert.That(Weigh(Verdict.Fail, new RunResult { StartNs = Start, Links = [audit] }), Is.EqualTo(expected));
    }

    [Test]
    public void Weigh_PassedBesideAStall_HasPassed() =>
        Assert.That(Weigh(Verdict.Pass, new RunResult { StartNs = Start, Stalls = [new MachineStall(Start + (5000 * MillisecondNs), 90 * MillisecondNs, true)] }), Is.EqualTo(Verdict.Pass));

    [Test]
    public void Caveats_StallAndUndecided_NameBoth()
    {
        var run = new RunResult { StartNs = Start, Stalls = [new MachineStall(Start + (4000 * MillisecondNs), 20 * MillisecondNs, true), new MachineStall(Start + (5000 * MillisecondNs), 75 * MillisecondNs, true), new MachineStall(Start + (2000 * MillisecondNs), 60 * MillisecondNs, false)] };
        var judged = new[] { new ExpectationResult("failovers exactly 1", "2", "exactly 1", "count", Verdict.Fail) };

        var caveats = LabFaults.Caveats(judged, LabFaults.Weigh([Expectation], judged, run), run).ToList();

        Assert.That(caveats.Select(c => c.Code), Is.EqualTo(new[] { "machine-stalled", "machine-busy", "lab-not-as-asked" }));
        Assert.That(caveats[0].Text, Does.Contain("2 times").And.Contain("75ms at T+5s"));
        Assert.That(caveats[1].Text, Does.Contain("once").And.Contain("60ms at T+2s"));
        Assert.That(caveats[2].Text, Does.Contain("'failovers exactly 1'"));
    }

    private static ExpectationPlan Expectation { get; } = new()
    {
        Metric = ExpectationMetric.Failovers,
        Text = "failovers exactly 1",
        From = TimeSpan.FromMilliseconds(4_200),
        To = TimeSpan.FromMilliseconds(6_000),
        Position = default,
    };

    private static Verdict Weigh(Verdict judged, RunResult run) =>
        LabFaults.Weigh([Expectation], [new ExpectationResult("", null, "", "count", judged)], run).Single().Verdict;
}
