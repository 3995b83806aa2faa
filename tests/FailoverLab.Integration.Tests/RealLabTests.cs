using System.Globalization;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Integration.Tests;

/// <summary>A scenario carried out on hosts that are only reached over ssh, from the start instant to the report, and the lab given back.</summary>
public sealed class RealLabTests
{
    /// <summary>First the link drops and comes back; then it drops, and the site moves its route to the other link. It still sends when the run ends.</summary>
    private const string Scenario = """
        version: 1
        name: real-lab
        duration: 9s
        max_start_skew: 1s
        steps:
          - { at: 0s, capture: { points: all, snap: 128B } }
          - { at: 0s, capture: { points: [site.w1, site.w2, far.w1, far.w2], snap: 128B } }
          - { at: 0s, run: { host: far, command: "iperf3 -s -1 -p 5300 -B 198.51.100.1", timeout: 60s } }
          - { at: 500ms, run: { host: site, command: "iperf3 -c 198.51.100.1 -B 203.0.113.65 -p 5300 -u -b 800k -l 200 -t 30 --connect-timeout 3000", timeout: 60s } }
          - { at: 1500ms, degrade: { link: one, drop: true } }
          - { at: 3s, restore: one }
          - { at: 4500ms, name: again, degrade: { link: one, drop: true } }
          - { at: 6500ms, name: move, run: { host: site, command: "ip route replace 198.51.100.1/32 via 192.0.2.19 src 203.0.113.65" } }
          - { at: 7500ms, name: back, restore: one }
        expect:
          - { metric: outage, min: 800ms, max: 2500ms, from: 1.4s, to: 4.4s, text: the link is gone for a second and a half }
          - { metric: failovers, min: 1, max: 1 }
          - { metric: working-path, is: starlink, to: 1.4s }
          - { metric: working-path, is: starlink, to: 4.5s }
          - { metric: working-path, is: fibre, to: 8.4s }
          - { metric: capture-drops, max: 0 }
          - { metric: start-skew, max: 1s }
        """;

    /// <summary>First the machine's link drops, then it is back, while traffic goes on.</summary>
    private const string MachineScenario = """
        version: 1
        name: machine
        duration: 16s
        max_start_skew: 60s
        steps:
          - { at: 0s, capture: { points: all, snap: 128B } }
          - { at: 0s, capture: { points: [site.w1, far.w1], snap: 128B } }
          - { at: 0s, run: { host: far, command: "iperf3 -s -1 -p 5300 -B 198.51.100.1", timeout: 60s } }
          - { at: 500ms, run: { host: site, command: "iperf3 -c 198.51.100.1 -B 203.0.113.65 -p 5300 -u -b 400k -l 200 -t 30 --connect-timeout 3000", timeout: 60s } }
          - { at: 1500ms, name: drop, degrade: { link: one, drop: true } }
          - { at: 4s, name: back, restore: one }
        expect:
          - { metric: outage, min: 1s, from: 1.4s }
          - { metric: failovers, max: 0 }
        """;

    [Test]
    public async Task Scenario_HostsOverSsh_OutageMeasuredAndLabAsFound()
    {
        LabTier.RequireTool("/usr/bin/iperf3");
        await using var lab = await RealLab.StartAsync();
        using var runs = new RunFixture();
        var before = await lab.WanulatorAsync();
        await DecidedRun.HoldsAsync(() => AssertMeasuredAsync(lab, runs, before));
    }

    private static async Task AssertMeasuredAsync(RealLab lab, RunFixture runs, string before)
    {
        await lab.OnAsync("site", "ip route replace 198.51.100.1/32 via 192.0.2.11 src 203.0.113.65");
        var outcome = await lab.RunAsync("scenario", runs.Scenario(Scenario), "--hosts", lab.HostsFile, "--out", runs.Directory);

        TestContext.Out.WriteLine(outcome.Output);
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        Assert.That(await lab.WanulatorAsync(), Is.EqualTo(before));
        var result = runs.Result();
        var flow = result.Flows.Single(f => f.Kind == FlowKind.Iperf3Udp);
        var outages = result.Outages.Where(o => o.Flow == flow.Id).OrderBy(o => o.StartNs).ToList();
        var move = result.Failovers.Single(f => f.Kind == FailoverKind.Failover);
        TestContext.Out.WriteLine($"outages {string.Join(", ", outages.Select(o => $"T+{(o.StartNs - result.StartNs) / 1e6:0} for {o.DurationNs / 1e6:0} ms{(o.Recovered ? "" : ", to the end")}"))}");
        var links = LinkFigures.Of(result, "starlink", "up");
        Assert.Multiple(() =>
        {
            Assert.That(result.Verdict, Is.EqualTo(Verdict.Pass));
            Assert.That(links.Select(l => l.Loss!.AskedLow), Is.EqualTo(new[] { 0, 1, 0, 1 }), "the flow has moved when the link is back");
            Assert.That(links.Select(l => l.Loss!.Applied.Value), Is.EqualTo(links.Select(l => l.Loss!.AskedLow)));
            Assert.That(links.Select(l => l.Loss!.Verdict), Is.All.EqualTo(Verdict.Pass));
            Assert.That(result.Restored, Is.True);
            Assert.That((flow.From, flow.To), Is.EqualTo(("site", "far")), "clocks of three hosts do not say who saw a packet first; their addresses do");
            Assert.That(outages, Has.Count.EqualTo(2));
            Assert.That(flow.Hops!.Select(h => h.Point).First(), Does.StartWith("site."), "the sender comes first on the way");
            Assert.That(flow.Hops!.Where(h => h.Point.StartsWith("site.", StringComparison.Ordinal)).Sum(h => h.LostAfter), Is.Zero, "packets die on the WANulator, not before it");
            Assert.That((move.FromPath, move.ToPath), Is.EqualTo(("starlink", "fibre")));
            Assert.That(move.Fault.Step, Is.EqualTo("again"));
            Assert.That(result.Clock!.Hosts.Select(h => h.Host), Is.EquivalentTo(lab.Names));
            Assert.That(result.Clock.Hosts.Select(h => h.BoundNs), Is.All.InRange(1, 50_000_000));
            Assert.That(result.StartSkewNs!.PerHost.Select(s => s.Host).Distinct(), Is.EquivalentTo(lab.Names));
            Assert.That(result.Captures.Select(c => c.Point), Is.EquivalentTo(lab.LinkPoints.Concat(["site.w1", "site.w2", "far.w1", "far.w2"])));
            Assert.That(File.ReadAllText(Path.Combine(runs.Latest, "report.html")), Does.Contain("fibre"));
        });
    }

    /// <summary>The host has room for 16 MiB of a capture, and more than twice that is sent.</summary>
    [Test]
    public async Task Scenario_MoreToCaptureThanThereIsRoom_LatestIsThereAndReportSaysWhatIsMissing()
    {
        LabTier.RequireTool("/usr/bin/iperf3");
        await using var lab = await RealLab.StartAsync();
        using var runs = new RunFixture();
        await lab.ShrinkAsync("site", 66);

        var outcome = await lab.RunAsync("scenario", runs.Scenario("""
            version: 1
            name: little-room
            duration: 9s
            max_start_skew: 1s
            steps:
              - { at: 0s, capture: { points: [site.w1], snap: 2000B } }
              - { at: 0s, run: { host: far, command: "iperf3 -s -1 -p 5300 -B 198.51.100.1", timeout: 15s } }
              - { at: 500ms, run: { host: site, command: "iperf3 -c 198.51.100.1 -B 203.0.113.65 -p 5300 -u -b 64M -l 1400 -t 5 --connect-timeout 3000", timeout: 15s } }
            expect:
              - { metric: capture-drops, max: 0 }
            """), "--hosts", lab.HostsFile, "--out", runs.Directory);

        Assert.That(outcome.ExitCode, Is.EqualTo(5), outcome.Output + outcome.Error);
        var result = runs.Result();
        var (capture, flow) = (result.Captures.Single(), result.Flows.Single(f => f.Kind == FlowKind.Iperf3Udp));
        var caveat = result.Caveats.Single(c => c.Code == "capture-wrapped");
        TestContext.Out.WriteLine(caveat.Text);
        Assert.Multiple(() =>
        {
            Assert.That(result.Verdict, Is.EqualTo(Verdict.Incomplete));
            Assert.That(capture.Packets, Is.LessThan(capture.Reported!.Value));
            Assert.That(caveat.Text, Does.Contain(string.Create(CultureInfo.InvariantCulture, $"everything before T+{(capture.FirstNs - result.StartNs) / 1e9:0.000} s is missing, {capture.Reported - capture.Packets} of {capture.Reported} packets")));
            Assert.That(capture.FirstNs, Is.GreaterThan(result.StartNs!.Value + 1_000_000_000), "the time before is gone");
            Assert.That(capture.Packets, Is.GreaterThan(7_000), "seven eighths of the room are there at least");
            Assert.That(result.Outages.Where(o => o.Flow == flow.Id), Is.Empty, "and nothing is missing between");
            Assert.That(File.ReadAllText(Path.Combine(runs.Latest, "report.html")), Does.Contain("the oldest gave way"));
        });
    }

    /// <summary>The operator's commands arrive by an end of the link that shall drop everything: the undo could not.</summary>
    [Test]
    public async Task Scenario_LinkIsTheManagementPath_RefusedWithProofAndCureBeforeAnythingIsChanged()
    {
        await using var lab = await RealLab.StartAsync();
        using var runs = new RunFixture();
        await File.AppendAllTextAsync(lab.HostsFile, "\n  three: { path: third, driver: nft, host: wanulator, lan: m0, wan: spare }\n");
        var before = await lab.WanulatorAsync();

        var outcome = await lab.RunAsync("scenario", runs.Scenario("""
            version: 1
            name: sawn-off
            duration: 3s
            steps:
              - { at: 1s, degrade: { link: three, drop: true } }
            """), "--hosts", lab.HostsFile, "--out", runs.Directory);

        Assert.That(outcome.ExitCode, Is.EqualTo(4), outcome.Output + outcome.Error);
        Assert.That(outcome.Error, Does.Contain("host 'wanulator', management path: the way back to 203.0.113.5 leaves by m0, which is an end of link 'three'").And.Contain("reach this host over another interface"));
        Assert.That(await lab.WanulatorAsync(), Is.EqualTo(before));
        Assert.That(File.Exists(Path.Combine(runs.Latest, "result.json")), Is.False, "nothing was started");
    }

    /// <summary>
    /// All hosts share this machine's kernel clock, which stamps the captures: the truth is 0. Where programs of a host have another clock, the exchange over its channel
    /// tells of that one, and packets exclude it.
    /// </summary>
    [TestCase(null)]
    [TestCase("+2.5s")]
    public async Task Scenario_TrafficBothWays_PacketsTellTheClocks(string? wrong)
    {
        LabTier.RequireTool("/usr/bin/iperf3");
        if (wrong is not null && !FakeClock.IsInstalled)
        {
            Assert.Ignore("needs libfaketime (faketime) and perl");
        }

        using var clock = wrong is null ? null : new FakeClock(wrong);
        await using var lab = await RealLab.StartAsync(farClock: clock);
        using var runs = new RunFixture();

        var outcome = await lab.RunAsync("scenario", runs.Scenario("""
            version: 1
            name: clocks
            duration: 5s
            max_start_skew: 60s
            steps:
              - { at: 0s, capture: { points: [site.w1, far.w1, wanulator.lan1, wanulator.wan1], snap: 128B } }
              - { at: 0s, run: { host: far, command: "iperf3 -s -1 -p 5300 -B 198.51.100.1", timeout: 10s } }
              - { at: 0s, run: { host: far, command: "iperf3 -s -1 -p 5301 -B 198.51.100.1", timeout: 10s } }
              - { at: 500ms, run: { host: site, command: "iperf3 -c 198.51.100.1 -B 203.0.113.65 -p 5300 -u -b 800k -l 200 -t 3 --connect-timeout 3000", timeout: 10s } }
              - { at: 500ms, run: { host: site, command: "iperf3 -c 198.51.100.1 -B 203.0.113.65 -p 5301 -R -u -b 800k -l 200 -t 3 --connect-timeout 3000", timeout: 10s } }
            """), "--hosts", lab.HostsFile, "--out", runs.Directory);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        var result = runs.Result();
        foreach (var host in result.Clock!.Hosts)
        {
            TestContext.Out.WriteLine($"{host.Host}: by the exchange {host.OffsetNs / 1e3:0} us ± {host.BoundNs / 1e3:0}, by packets {host.PacketOffset?.LowNs / 1e3:0} to {host.PacketOffset?.HighNs / 1e3:0} us with {host.PacketOffset?.Against}");
        }

        var told = result.Clock.Hosts.ToDictionary(h => h.Host);
        var contradictions = result.Caveats.Where(c => c.Code == "clocks-contradict").ToList();
        Assert.That(told.Values.Select(h => h.PacketOffset), Has.None.Null);
        if (wrong is null)
        {
            Assert.That(told.Values.Select(h => 0L >= h.PacketOffset!.LowNs && 0L <= h.PacketOffset.HighNs), Is.All.True);
            Assert.That(contradictions, Is.Empty);
            return;
        }

        Assert.That(told["far"].OffsetNs, Is.EqualTo(2_500_000_000L).Within(told["far"].BoundNs + 1_000));
        Assert.That(told["far"].PacketOffset is { LowNs: <= 0, HighNs: >= 0 }, Is.True, "what stamps the packets is right");
        Assert.That(contradictions.Select(c => c.Affects), Is.All.Contains("far"));
        Assert.That(contradictions, Is.Not.Empty);
        Assert.That(File.ReadAllText(Path.Combine(runs.Latest, "report.html")), Does.Contain("clocks-contradict").Or.Contain("further ahead than was measured"));
    }

    /// <summary>
    /// A machine without hardware help takes seconds to change a link when others use the processors too, so the outage is held against when the
    /// machine says it changed the link. What packets wait inside the machine is part of the way they are measured over.
    /// </summary>
    [Test]
    public async Task Scenario_MachineWithNetemOverSsh_OutageIsAsTheMachineSaysAndLabAsFound()
    {
        LabTier.RequireTool("/usr/bin/iperf3");
        await using var lab = await RealLab.StartAsync(hasMachine: true);
        using var runs = new RunFixture();
        var before = await lab.WanulatorAsync();
        await DecidedRun.HoldsAsync(() => AssertAsTheMachineSaysAsync(lab, runs, before));
    }

    private static async Task AssertAsTheMachineSaysAsync(RealLab lab, RunFixture runs, string before)
    {
        const long SecondNs = 1_000_000_000;
        var outcome = await lab.RunAsync("scenario", runs.Scenario(MachineScenario), "--hosts", lab.HostsFile, "--out", runs.Directory);

        TestContext.Out.WriteLine(outcome.Output);
        Assert.That(await lab.WanulatorAsync(), Is.EqualTo(before));
        var result = runs.Result();
        Assert.That(result.Restored, Is.True, outcome.Error);
        var (drop, back) = (Step("drop"), Step("back"));
        if (back.StartedNs - drop.AcknowledgedNs < SecondNs || back.AcknowledgedNs - result.StartNs > 15 * SecondNs)
        {
            Assert.Inconclusive($"the machine changed its link {(drop.AcknowledgedNs - drop.PlannedNs) / 1e6:0} and {(back.AcknowledgedNs - back.PlannedNs) / 1e6:0} ms after the instants: too slow for this plan");
        }

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        var flow = result.Flows.Single(f => f.Kind == FlowKind.Iperf3Udp);
        var outage = result.Outages.Where(o => o.Flow == flow.Id).MaxBy(o => o.DurationNs)!;
        var heldNs = flow.OneWayDelayNs!.Max - flow.OneWayDelayNs.Min;
        TestContext.Out.WriteLine($"outage {outage.LowNs / 1e6:0.0} to {outage.HighNs / 1e6:0.0} ms; the machine says {(back.StartedNs - drop.AcknowledgedNs) / 1e6:0.0} to {(back.AcknowledgedNs - drop.StartedNs) / 1e6:0.0} ms, and held packets for up to {heldNs / 1e6:0.0} ms");
        if (heldNs > SecondNs)
        {
            Assert.Inconclusive("the machine held packets for longer than a second: nothing can be said of an outage that may be as short");
        }

        var links = LinkFigures.Of(result, "starlink", "up");
        Assert.Multiple(() =>
        {
            Assert.That(links.Select(l => l.Loss!.AskedLow), Is.EqualTo(new[] { 0, 1, 0 }));
            Assert.That(links[1].Loss!.Verdict, Is.EqualTo(Verdict.Pass), "netem drops all in between");
            Assert.That(outage.Recovered, Is.True);
            Assert.That(outage.LowNs - heldNs, Is.LessThanOrEqualTo((back.AcknowledgedNs - drop.StartedNs)!.Value));
            Assert.That(outage.HighNs + heldNs, Is.GreaterThanOrEqualTo((back.StartedNs - drop.AcknowledgedNs)!.Value));
            Assert.That(
                flow.Hops!.Where(h => h.Point.StartsWith("site.", StringComparison.Ordinal)).Sum(h => h.LostAfter),
                Is.LessThanOrEqualTo(result.Captures.Where(c => c.Point == "machine.ens18").Sum(c => c.Dropped) ?? 0), "packets die on the machine, not before it");
            Assert.That(result.Clock!.Hosts.Select(h => h.Host), Is.EquivalentTo(lab.Names));
            Assert.That(result.Captures.Select(c => c.Point), Is.EquivalentTo(lab.LinkPoints.Concat(["site.w1", "far.w1"])));
        });

        RunEvent Step(string name) => runs.Events().Single(e => e is { Kind: RunEventKind.Step, StartedNs: not null, AcknowledgedNs: not null } && e.Step == name);
    }

    /// <summary>The runner is killed while the link drops everything: nobody is left who could undo it but the WANulator itself.</summary>
    [Test]
    public async Task Scenario_KilledDuringTheFault_WanulatorIsBackByItself()
    {
        await using var lab = await RealLab.StartAsync();
        using var runs = new RunFixture();
        var before = await lab.WanulatorAsync();
        var scenario = runs.Scenario("""
            version: 1
            name: killed
            duration: 60s
            steps:
              - { at: 100ms, degrade: { link: one, drop: true } }
              - { at: 59s, restore: one }
            """);
        using var run = lab.Start("scenario", scenario, "--hosts", lab.HostsFile, "--out", runs.Directory);
        var reading = run.StandardError.ReadToEndAsync();
        await RealLab.UntilAsync(async () => run.HasExited || (await lab.WanulatorAsync()).Contains("drop", StringComparison.Ordinal), "the link drops");
        Assert.That(run.HasExited, Is.False, run.HasExited ? await reading : "");

        run.Kill();
        await run.WaitForExitAsync();

        await RealLab.UntilAsync(async () => await lab.WanulatorAsync() == before, "the WANulator is back");
        var recovery = await lab.RunAsync("recover", "--hosts", lab.HostsFile);
        Assert.That(recovery.ExitCode, Is.Zero, recovery.Output + recovery.Error);
        Assert.That(await lab.WanulatorAsync(), Is.EqualTo(before));
        var again = await lab.RunAsync("recover");
        Assert.That(again.ExitCode, Is.Zero, again.Output + again.Error);
    }
}
