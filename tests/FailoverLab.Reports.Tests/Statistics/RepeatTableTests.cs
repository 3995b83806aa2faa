using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Reports.Tests;

public sealed class RepeatTableTests
{
    [Test]
    public void RepeatSummary_OneOfSevenNeverRecovered_KeepsItApart()
    {
        var summary = RepeatSummary.Of([60, 50, 40, 30, 20, 10], neverRecovered: 1);
        Assert.That(summary, Is.EqualTo(new RepeatSummary { Count = 7, NeverRecovered = 1, MedianNs = 40, MedianLowNs = 10 }));
    }

    [Test]
    public void RepeatSummary_EvenCount_TakesTheMiddleOfTheMiddle() =>
        Assert.That(RepeatSummary.Of([10, 20, 40, 80], 0).MedianNs, Is.EqualTo(30));

    [Test]
    public void RepeatSummary_HalfNeverRecovered_HasNoMedianAndNoMaximum()
    {
        var summary = RepeatSummary.Of([10, 20], neverRecovered: 2);
        Assert.That((summary.MedianNs, summary.MaxNs, summary.ProvableQuantile), Is.EqualTo(((long?)null, (long?)null, (double?)null)));
    }

    [Test]
    public void Of_RunWithoutResult_CountsAsIncompleteAndUnmeasured()
    {
        var table = RepeatTable.Of([Run(1), new ReportInput { Name = "torn" }]);
        Assert.That((table.Verdict, table.Unmeasured, table.Outage.Count), Is.EqualTo((Verdict.Incomplete, 1, 1)));
    }

    [Test]
    public void Of_OneFailedRun_Fails()
    {
        var failed = Run(2);
        Assert.That(RepeatTable.Of([Run(1), failed with { Result = failed.Result! with { Verdict = Verdict.Fail } }]).Verdict, Is.EqualTo(Verdict.Fail));
    }

    [Test]
    public void Html_NeverRecoveredRun_IsDrawnHollowAndNamed()
    {
        var run = Run(2);
        var outage = run.Result!.Outages[0] with { Recovered = false, EndNs = null, HighNs = null };
        var page = MergedReport.Html([Run(1), run with { Result = run.Result with { Outages = [outage] } }]);
        Assert.That(page, Does.Contain("class=\"run never\"").And.Contain("never came back"));
    }

    private static ReportInput Run(ulong seed) => new() { Name = $"run-{seed}", Result = SampleRun.Build(seed) };
}
