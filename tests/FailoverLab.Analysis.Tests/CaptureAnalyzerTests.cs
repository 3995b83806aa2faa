using System.Text.Json;
using FailoverLab.Results;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

public sealed class CaptureAnalyzerTests
{
    [Test]
    public void Analyze_SilentDropOfTheWorkingPath_TellsOutageFailoverAndFault()
    {
        const long Fault = 2000 * Ms;
        const long Switch = 2060 * Ms;
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < Switch ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < Fault + 123_456,
        };
        lab.Send(Up, 0, 9000 * Ms).Send(Down, 300_000, 9000 * Ms);
        var result = lab.Analyze(Context(Up, Down) with
        {
            Faults = [new FaultContext("drop starlink-1", T0 + Fault, T0 + Fault + 100_000, false) { Path = "starlink-1" }],
        });
        TestContext.Out.WriteLine(JsonSerializer.Serialize(result with { Flows = [.. result.Flows.Select(f => f with { Series = null })], Outages = [.. result.Outages.Select(o => o with { Detail = null })], Paths = [.. result.Paths.Select(p => p with { DelaySeriesNs = null })] }, ResultsJson.Document.RunResult));

        Assert.That(result.Caveats, Is.Empty);
        Assert.That(result.Outages, Has.Count.EqualTo(2));
        foreach (var outage in result.Outages)
        {
            Assert.That(outage.Lost, Is.EqualTo(60).Within(1));
            (Switch - Fault - 123_456).AssertHeldBy(outage.LowNs, outage.HighNs);
            Assert.That(outage.DurationNs, Is.InRange(outage.LowNs, outage.HighNs!.Value));
            Assert.That((outage.FromPath, outage.ToPath), Is.EqualTo(("starlink-1", "starlink-2")));
        }

        Assert.That(result.Failovers, Has.Count.EqualTo(1));
        var failover = result.Failovers[0];
        Assert.That((failover.Kind, failover.FromPath, failover.ToPath), Is.EqualTo((FailoverKind.Failover, "starlink-1", "starlink-2")));
        Assert.That((failover.FromRouter, failover.ToRouter), Is.EqualTo(("router-1", "router-1")));
        Assert.That(failover.Fault.Step, Is.EqualTo("drop starlink-1"));
        (T0 + Fault + 123_456).AssertHeldBy(failover.Fault.PacketsLowNs!.Value, failover.Fault.PacketsHighNs);
        Assert.That(failover.Flows.Select(f => f.Flow), Is.EqualTo(new[] { Up.Name, Down.Name }));
        Assert.That(failover.Anatomy.Select(m => m.Mark), Is.EqualTo(new[]
        {
            AnatomyMarkKind.Fault, AnatomyMarkKind.LastGood, AnatomyMarkKind.FirstOnNewPath, AnatomyMarkKind.ReverseMoved, AnatomyMarkKind.Recovered, AnatomyMarkKind.Sustained,
        }));
    }
}
