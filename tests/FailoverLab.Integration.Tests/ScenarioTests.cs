using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// The shipped scenarios on the real lab: namespaces, TUN, UDP tunnels, emulated links, captures.
/// <code>
///  traffic ── endpoint ─┬─ wan-103 (starlink-1) ─┬─ hub ─┬─ router-1 ─┬─ business
///                       ├─ wan-102 (starlink-2) ─┤       └─ router-2 ─┘
///                       └─ wan-101 (byu) ────────┘
/// </code>
/// </summary>
public sealed class ScenarioTests
{
    [TestCase("starlink-drop")]
    [TestCase("link-down")]
    [TestCase("brownout")]
    [TestCase("delay-150")]
    [TestCase("jitter-80")]
    [TestCase("test-all")]
    [TestCase("router-crash")]
    public async Task Scenario_Shipped_PassesAndLeavesNothingBehind(string name)
    {
        LabTier.Require();
        using var runs = new RunFixture();
        using var temporary = new RunFixture();

        var outcome = await DecidedRun.MakeAsync(
            () => ProgramUnderTest.StartWrapped(["env", "TMPDIR=" + temporary.Directory], "scenario", name, "--out", runs.Directory));

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        Assert.That(Directory.EnumerateFileSystemEntries(temporary.Directory), Is.Empty, "the temporary folder");
        Assert.That(runs.Result().Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(runs.Result().Captures.Sum(c => c.Dropped), Is.Zero);
        Assert.That(runs.Result().Captures.Select(c => c.Packets), Is.EqualTo(runs.Result().Captures.Select(c => c.Reported)));
        Assert.That(File.Exists(Path.Combine(runs.Latest, "report.html")));
        if (name == "starlink-drop")
        {
            await AssertCountedAsTsharkCountsAsync(runs);
        }
    }

    [Test]
    public async Task Scenario_Repeated_MergesTheRuns()
    {
        LabTier.Require();
        using var runs = new RunFixture();

        var file = runs.Scenario("version: 1\nname: twice\nduration: 1s\nsteps:\n  - { at: 100ms, degrade: { link: byu, drop: true } }\n");

        var outcome = await ProgramUnderTest.RunAsync("scenario", file, "--repeat", "2", "--out", runs.Directory);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        var merged = Directory.EnumerateDirectories(runs.Directory, "*-x2").Single();
        Assert.That(await File.ReadAllTextAsync(Path.Combine(merged, "report.html")), Does.Contain("twice"));
    }

    /// <summary>Every probe flow's packets, sent and lost, as a program that knows nothing of ours counts them in the same captures.</summary>
    private static async Task AssertCountedAsTsharkCountsAsync(RunFixture runs)
    {
        LabTier.RequireTool("/usr/bin/tshark");

        // Beside the probes the captures hold the lab's own signalling, which is followed as well.
        var probes = runs.Result().Flows.Where(f => f.Kind == FlowKind.Probe).ToList();
        Assert.That(probes, Has.Count.EqualTo(4));
        foreach (var flow in probes)
        {
            var (sentPoint, receivedPoint) = flow.From == "traffic" ? ("traffic.lan", "business.core0") : ("business.core0", "traffic.lan");
            var port = await Tshark.PortOfAsync(runs.Latest, flow.Id);
            var sent = await Tshark.ProbesAsync(Path.Combine(runs.Latest, "captures", sentPoint + ".pcapng"), port);
            var received = await Tshark.ProbesAsync(Path.Combine(runs.Latest, "captures", receivedPoint + ".pcapng"), port);

            Assert.That(flow.Sent, Is.EqualTo(sent.Count), flow.Id);
            Assert.That(flow.Lost, Is.EqualTo(sent.Except(received).Count()), flow.Id);
            Assert.That(flow.Lost, Is.GreaterThan(0), "a silent drop loses packets");
        }
    }
}
