using FailoverLab.Linux;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>Runs over ssh that are ended, or that meet another one.</summary>
public sealed class RealLabEndTests
{
    [Test]
    public async Task Scenario_CtrlCDuringTheFault_LabIsAsFoundReportIsPartialAndNothingIsLeftThere()
    {
        await using var lab = await RealLab.StartAsync();
        using var runs = new RunFixture();
        var before = await lab.WanulatorAsync();
        var run = lab.Start("scenario", runs.Scenario("""
            version: 1
            name: ended
            duration: 60s
            max_start_skew: 1s
            steps:
              - { at: 0s, capture: { points: [site.w1, far.w1], snap: 128B } }
              - { at: 0s, run: { host: site, command: "ping -i 0.05 198.51.100.1", timeout: 60s } }
              - { at: 0s, run: { host: far, command: "sleep 599 & sleep 598", timeout: 60s } }
              - { at: 1500ms, degrade: { link: one, drop: true } }
              - { at: 59s, restore: one }
            """), "--hosts", lab.HostsFile, "--out", runs.Directory);
        await RealLab.UntilAsync(async () => run.HasExited || (await lab.WanulatorAsync()).Contains("drop", StringComparison.Ordinal), "the link drops");
        if (!run.HasExited)
        {
            ProcessControl.Kill(run.Id, ProcessControl.Interrupt);
        }

        var outcome = await ProgramUnderTest.FinishAsync(run);

        Assert.That(outcome.ExitCode, Is.EqualTo(130), outcome.Output + outcome.Error);
        Assert.That(await lab.WanulatorAsync(), Is.EqualTo(before));
        await RealLab.UntilAsync(async () => (await lab.LeftAsync()).Length == 0, "nothing is left on the hosts");
        var result = runs.Result();
        Assert.Multiple(() =>
        {
            Assert.That((result.Verdict, result.Restored), Is.EqualTo((Verdict.Incomplete, true)));
            Assert.That(result.Caveats.Select(c => c.Code), Does.Contain("interrupted"));
            Assert.That(result.Captures.Select(c => (c.Point, c.Packets == c.Reported, c.Packets > 10)), Is.EquivalentTo(((string?, bool, bool)[])[("site.w1", true, true), ("far.w1", true, true)]));
            Assert.That(result.Flows.Where(f => f.Kind == FlowKind.IcmpEcho), Is.Not.Empty, "what was captured until then is analysed");
            Assert.That(File.ReadAllText(Path.Combine(runs.Latest, "report.html")), Does.Contain("ended before its plan was done"));
            Assert.That(string.Concat(Directory.GetFiles(Path.Combine(runs.Latest, "logs/site"), "02*.out").Select(File.ReadAllText)), Does.Contain("bytes from 198.51.100.1"));
        });
        var recovery = await lab.RunAsync("recover", "--hosts", lab.HostsFile);
        Assert.That(recovery.ExitCode, Is.Zero, recovery.Output + recovery.Error);
    }

    /// <summary>Neither run changes anything, so no guard keeps them apart.</summary>
    [Test]
    public async Task Scenario_TwoRunsOnHostsThatOnlyCapture_SecondIsRefusedUntilTheFirstIsKilled()
    {
        await using var lab = await RealLab.StartAsync();
        using var runs = new RunFixture();
        using var others = new RunFixture();
        using var first = lab.Start("scenario", runs.Scenario(Capturing("site", 60)), "--hosts", lab.HostsFile, "--out", runs.Directory);
        var said = first.StandardError.ReadToEndAsync();
        await RealLab.UntilAsync(() => Task.FromResult(first.HasExited || IsArmed(runs)), "the first run is armed");
        Assert.That(first.HasExited, Is.False, first.HasExited ? await said : "");

        var second = await lab.RunAsync("scenario", others.Scenario(Capturing("site", 1)), "--hosts", lab.HostsFile, "--out", others.Directory);
        var apart = await lab.RunAsync("scenario", others.Scenario(Capturing("far", 1)), "--hosts", lab.HostsFile, "--out", others.Directory);
        first.Kill();
        await first.WaitForExitAsync();
        var after = await lab.RunAsync("scenario", others.Scenario(Capturing("site", 1)), "--hosts", lab.HostsFile, "--out", others.Directory);

        Assert.Multiple(() =>
        {
            Assert.That(second.ExitCode, Is.EqualTo(4), second.Output + second.Error);
            Assert.That(second.Error, Does.Match($"host 'site' is in use: run {Path.GetFileName(new DirectoryInfo(runs.Latest).ResolveLinkTarget(returnFinalTarget: true)!.FullName)}-[0-9a-f]{{8}} of root@"));
            Assert.That(apart.ExitCode, Is.Zero, "runs on other hosts go on: " + apart.Output + apart.Error);
            Assert.That(after.ExitCode, Is.Zero, "it is free again: " + after.Output + after.Error);
        });
        await RealLab.UntilAsync(async () => (await lab.LeftAsync()).Length == 0, "nothing is left on the hosts");
    }

    private static bool IsArmed(RunFixture runs) =>
        File.Exists(Path.Combine(runs.Latest, "events.ndjson")) && File.ReadAllText(Path.Combine(runs.Latest, "events.ndjson")).Contains("start instant set", StringComparison.Ordinal);

    private static string Capturing(string host, int seconds) => $$"""
        version: 1
        name: looks-on
        duration: {{seconds}}s
        max_start_skew: 1s
        steps:
          - { at: 0s, capture: { points: [{{host}}.w1], snap: 128B } }
        expect:
          - { metric: capture-drops, max: 0 }
        """;
}
