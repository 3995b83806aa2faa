using System.Diagnostics;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>A link of a host over ssh that is our own emulator, started there, changed at instants, and gone at the end.</summary>
public sealed class EmulatedLinkTests
{
    [Test]
    public async Task Scenario_EmulatorOverSsh_ChangesAtTheirInstantsAndHostAsFound()
    {
        LabTier.RequireTool("/usr/bin/iperf3");
        await using var lab = await RealLab.StartAsync(isEmulated: true);
        using var runs = new RunFixture();
        var before = await lab.WanulatorAsync();

        var outcome = await lab.RunAsync("scenario", runs.Scenario("""
            version: 1
            name: emulated
            duration: 8s
            max_start_skew: 1s
            steps:
              - { at: 0s, capture: { points: all, snap: 128B } }
              - { at: 0s, capture: { points: [site.w1, far.w1], snap: 128B } }
              - { at: 0s, run: { host: far, command: "iperf3 -s -1 -p 5300 -B 198.51.100.1", timeout: 10s } }
              - { at: 500ms, run: { host: site, command: "iperf3 -c 198.51.100.1 -B 203.0.113.65 -p 5300 -u -b 800k -l 200 -t 7 --connect-timeout 3000", timeout: 10s } }
              - { at: 2s, name: drop, degrade: { link: one, drop: true } }
              - { at: 3500ms, name: back, restore: one }
              - { at: 4500ms, name: lossy, degrade: { link: one, direction: up, delay: 40ms, loss: { every: 5 } } }
            expect:
              - { metric: outage, min: 1.4s, max: 1.7s, from: 1.9s, to: 4s }
              - { metric: failovers, max: 0 }
              - { metric: capture-drops, max: 0 }
            """), "--hosts", lab.HostsFile, "--out", runs.Directory);

        TestContext.Out.WriteLine(outcome.Output + outcome.Error);
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        Assert.That(await lab.WanulatorAsync(), Is.EqualTo(before));
        var result = runs.Result();
        var (drop, back) = (Step("drop"), Step("back"));
        var outage = result.Outages.MaxBy(o => o.DurationNs)!;
        TestContext.Out.WriteLine($"outage {outage.LowNs / 1e6:0.0} to {outage.HighNs / 1e6:0.0} ms; asked 1500 ms; drop {(drop.StartedNs - drop.PlannedNs) / 1e3:0} us from its instant");
        var links = LinkFigures.Of(result, "starlink", "up");
        Assert.Multiple(() =>
        {
            Assert.That(result.Restored, Is.True);
            Assert.That(links.Select(l => l.Loss!.AskedLow), Is.EqualTo(new[] { 0, 1, 0, 0.2 }), "from the captures at both interfaces of its host");
            Assert.That(links.Select(l => l.Loss!.Verdict), Is.All.EqualTo(Verdict.Pass));
            Assert.That(links[^1].DelayMinNs, Has.Property("AskedLowNs").EqualTo(40_000_000).And.Property("Verdict").EqualTo(Verdict.Pass));
            Assert.That(Math.Abs((drop.StartedNs - drop.PlannedNs)!.Value), Is.LessThan(2_000_000 + long.Parse(drop.Data!["boundNs"], System.Globalization.CultureInfo.InvariantCulture)), "the emulator makes the change by itself, at its instant");
            Assert.That(outage.LowNs, Is.LessThanOrEqualTo((back.AcknowledgedNs - drop.StartedNs)!.Value));
            Assert.That(outage.HighNs, Is.GreaterThanOrEqualTo((back.StartedNs - drop.AcknowledgedNs)!.Value));
        });

        RunEvent Step(string name) => runs.Events().Single(e => e is { Kind: RunEventKind.Step, StartedNs: not null, AcknowledgedNs: not null } && e.Step!.StartsWith(name, StringComparison.Ordinal));
    }

    /// <summary>Nobody is left who could end the emulator but its host.</summary>
    [Test]
    public async Task Scenario_KilledWhileTheEmulatorDrops_HostIsBackByItself()
    {
        await using var lab = await RealLab.StartAsync(isEmulated: true);
        using var runs = new RunFixture();
        var before = await lab.WanulatorAsync();
        using var run = lab.Start("scenario", runs.Scenario("""
            version: 1
            name: killed
            duration: 60s
            steps:
              - { at: 100ms, degrade: { link: one, drop: true } }
              - { at: 59s, restore: one }
            """), "--hosts", lab.HostsFile, "--out", runs.Directory);
        var reading = run.StandardError.ReadToEndAsync();
        await UntilAsync(async () => run.HasExited || ((await lab.WanulatorAsync()).Contains("failoverlab_wan", StringComparison.Ordinal) && !await ReachesAsync() && !await ReachesAsync()), "the link drops");
        Assert.That(run.HasExited, Is.False, run.HasExited ? await reading : "");
        Assert.That(await lab.WanulatorAsync(), Does.Contain("failoverlab_wan").And.Not.EqualTo(before));

        run.Kill();
        await run.WaitForExitAsync();

        await UntilAsync(async () => await lab.WanulatorAsync() == before, "the host is back");
        Assert.That(await ReachesAsync(), Is.True, "its bridge forwards again");
        var recovery = await lab.RunAsync("recover", "--hosts", lab.HostsFile);
        Assert.That(recovery.ExitCode, Is.Zero, recovery.Output + recovery.Error);

        async Task<bool> ReachesAsync() => (await lab.OnAsync("site", "ping -c 1 -W 1 192.0.2.11 >/dev/null && echo yes || echo no")).Trim() == "yes";
    }

    /// <summary>It can put nothing back itself: what it has taken down and switched off is put back by the run.</summary>
    [Test]
    public async Task Scenario_EmulatorIsKilledWithoutItsCarrier_HostIsAsFound()
    {
        await using var lab = await RealLab.StartAsync(isEmulated: true);
        using var runs = new RunFixture();
        var before = await lab.WanulatorAsync();
        using var run = lab.Start("scenario", runs.Scenario("""
            version: 1
            name: emulator-killed
            duration: 6s
            steps:
              - { at: 100ms, degrade: { link: one, carrier: false } }
            """), "--hosts", lab.HostsFile, "--out", runs.Directory);
        var output = ProgramUnderTest.FinishAsync(run);
        await UntilAsync(async () => output.IsCompleted || await IsDownAsync(lab), "the carrier is gone");
        Assert.That(output.IsCompleted, Is.False);

        await lab.OnAsync("wanulator", Kill);

        var outcome = await output;
        Assert.That(await lab.WanulatorAsync(), Is.EqualTo(before), outcome.Output + outcome.Error);
        Assert.That(runs.Result().Restored, Is.True);
    }

    /// <summary>The worst at once: nobody is left but the host's guard, and it can write nothing.</summary>
    [Test]
    public async Task Scenario_RunFilesAreFullAndAllIsKilled_HostIsBackByItself()
    {
        await using var lab = await RealLab.StartAsync(isEmulated: true);
        using var runs = new RunFixture();
        var before = await lab.WanulatorAsync();
        using var run = lab.Start("scenario", runs.Scenario("""
            version: 1
            name: full
            duration: 60s
            steps:
              - { at: 100ms, degrade: { link: one, carrier: false } }
              - { at: 59s, restore: one }
            """), "--hosts", lab.HostsFile, "--out", runs.Directory);
        var reading = run.StandardError.ReadToEndAsync();
        await UntilAsync(async () => run.HasExited || await IsDownAsync(lab), "the carrier is gone");
        Assert.That(run.HasExited, Is.False, run.HasExited ? await reading : "");
        await lab.FillAsync("wanulator");

        await lab.OnAsync("wanulator", Kill);
        run.Kill();
        await run.WaitForExitAsync();

        await UntilAsync(async () => await lab.WanulatorAsync() == before, "the host is back");
    }

    /// <summary>Kills the emulator, and no shell that names it.</summary>
    private const string Kill = "for p in /proc/[0-9]*; do c=$(tr '\\0' ' ' <$p/cmdline 2>/dev/null); case $c in *dotnet*' wan lan1 wan1 '*'+wan1 --json ') [ $p/ns/net -ef /proc/self/ns/net ] && kill -9 ${p#/proc/};; esac; done";

    private static async Task<bool> IsDownAsync(RealLab lab) => (await lab.OnAsync("wanulator", "echo $(($(cat /sys/class/net/lan1/flags) & 1))")).Trim() == "0";

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.That(patience.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)), what);
            await Task.Delay(50);
        }
    }
}
