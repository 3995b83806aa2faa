using FailoverLab.Reports;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Cli.Tests;

public sealed class ClosingTableTests
{
    [Test]
    public void Write_SampleRun_TellsFailoversExpectationsVerdictAndReport()
    {
        var text = Printed.By(console => ClosingTable.Write(console, SampleRun.Build(), "reports/latest/report.html"));
        Assert.That(text, Does.Contain("  failover    starlink-1 → starlink-2   router-1   T+4.000 s    60.0 ms [59.0, 61.0]   236\n"));
        Assert.That(text, Does.Contain("  ✓   no outage is longer than 100 ms                62.4 ms [61.4, 63.4]   at most 100 ms\n"));
        Assert.That(text, Does.Contain("captures  6 files, 348 000 packets, 0 dropped\n"));
        Assert.That(text, Does.Contain("\nPASS: traffic was down at most 62.4 ms [61.4, 63.4]; it moved 3 times between starlink-1 and starlink-2"));
        Assert.That(text, Does.EndWith("\nreport  reports/latest/report.html"));
    }

    [Test]
    public void Write_EmptyFailedResult_SaysSoWithoutTables() => Assert.That(
        Printed.By(console => ClosingTable.Write(console, new RunResult { Verdict = Verdict.Incomplete }, null)),
        Is.EqualTo("INCOMPLETE: no traffic was seen, so nothing can be said about outages."));

    [Test]
    public void Write_MergedRuns_GivesMedianIntervalAndProvableQuantile()
    {
        var runs = Enumerable.Range(1, 7).Select(i => new ReportInput { Name = $"run-{i}", Result = SampleRun.Build((ulong)i) }).ToList();
        var text = Printed.By(console => MergedTable.Write(console, RepeatTable.Of(runs), null), 140);
        Assert.That(text, Does.Contain("longest outage  median 62.3 ms [61.6, 62.7]  max of 7 62.7 ms: with 95 % confidence 65.1 % of runs stay at or below it; p95"));
        Assert.That(text, Does.EndWith("PASS: In 7 runs the longest outage was 62.3 ms in the median [61.6, 62.7] and 62.7 ms at most."));
    }
}
