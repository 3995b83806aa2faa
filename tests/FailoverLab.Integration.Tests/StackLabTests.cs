using System.Globalization;
using System.Runtime.Versioning;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Integration.Tests;

/// <summary>The failover stack and probe traffic on hosts that are only reached over ssh: scenarios of the embedded lab, unchanged, and the figures of both.</summary>
[SupportedOSPlatform("linux")]
public sealed class StackLabTests
{
    /// <summary>
    /// How far two outages of one fault may lie apart in truth: where in a keepalive's interval the fault falls (10 ms in the lab's files), and
    /// stalls too short to be told (15 ms).
    /// </summary>
    private const long BetweenRunsNs = 25_000_000;

    private const string Scenario = """
        version: 1
        name: both-labs
        duration: 8s
        max_start_skew: 1m
        steps:
          - { at: 0s, capture: all }
          - { at: 0s, stack: start }
          - { at: 1500ms, traffic: { between: [traffic, business], interval: 1ms, size: 64B } }
          - { at: 3s, name: fault, degrade: { link: starlink-1, drop: true } }
          - { at: 5s, name: unplug, degrade: { link: starlink-2, carrier: false } }
          - { at: 7500ms, stop: traffic }
          - { at: 7700ms, restore: all }
        """;

    [Test]
    public async Task Scenario_SameFileInBothLabs_PassesAndOutagesAgree()
    {
        LabTier.Require();
        RealLab.Require();
        using var embedded = new RunFixture();
        using var remote = new RunFixture();
        var hosts = PerfectLinks(embedded.Directory);
        await using var lab = await StackLab.StartAsync(hosts, StackLinks.NftAndPve);
        var scenario = embedded.Scenario(Scenario);
        for (var attempt = 1; ; attempt++)
        {
            var here = await ProgramUnderTest.RunAsync("scenario", scenario, "--hosts", hosts, "--out", embedded.Directory);
            using var watch = DecidedRun.Watch();
            var there = await lab.RunAsync("scenario", scenario, "--hosts", lab.HostsFile, "--out", remote.Directory);
            Assert.That(here.ExitCode, Is.Zero, here.Output + here.Error);
            Assert.That(there.ExitCode, Is.Zero, there.Output + there.Error);
            var (first, second) = (embedded.Result(), remote.Result());
            AssertPerformedOverSsh(remote, second);
            Assert.That((lab.Plugs!.WereUsed, string.Join('\n', lab.Plugs.SchemaFaults)), Is.EqualTo((true, "")));
            var pairs = FaultFigure.Of(embedded.Latest, first).Zip(FaultFigure.Of(remote.Latest, second)).ToList();
            var words = $"paths {string.Join(' ', Moves(embedded, first))} and {string.Join(' ', Moves(remote, second))}; " + string.Join("; ", pairs.Select(p => $"{p.First.Step}: outage in the embedded lab {Words([p.First])}, over ssh {Words([p.Second])}"));
            TestContext.Out.WriteLine(Instants(remote));
            TestContext.Out.WriteLine(words);

            // A link that says it is gone may be left without losing a packet; one that drops in silence may not.
            if (pairs.Count == 2 && pairs[0].First.HighNs > 0 && pairs[0].Second.HighNs > 0 && pairs.TrueForAll(p => Overlap([p.First], [p.Second], BetweenRunsNs))
                && Moves(embedded, first).SequenceEqual(Moves(remote, second)))
            {
                return;
            }

            // What a pause of the machine did to one of them says nothing; without one, they differ.
            var disturbance = Disturbance(embedded, first) ?? Disturbance(remote, second) ?? DecidedRun.Standstill(watch);
            Assert.That(disturbance, Is.Not.Null, words);
            if (attempt == 3)
            {
                Assert.Ignore($"three times the machine was too busy to compare anything: {disturbance}");
            }
        }
    }

    /// <summary>The paths the endpoint chose until links were restored; that it also chose between routers on one path is left out.</summary>
    private static List<string?> Moves(RunFixture runs, RunResult result) => runs.Events()
        .Where(e => e is { Kind: RunEventKind.Stack, Host: "endpoint", Text: "switch-decided" } && e.AtNs < result.StartNs + 7_500_000_000)
        .Select(e => e.Data?.GetValueOrDefault("path"))
        .Aggregate(new List<string?>(), (paths, path) => paths.LastOrDefault() == path ? paths : [.. paths, path]);

    /// <summary>When the link steps of a run took effect, each from when to when after its instant.</summary>
    private static string Instants(RunFixture runs) => string.Join("; ", runs.Events()
        .Where(e => e is { Kind: RunEventKind.Step, PlannedNs: not null, StartedNs: not null, AcknowledgedNs: not null } && (e.Step is "fault" or "unplug" || e.Step!.Contains("restore", StringComparison.Ordinal)))
        .Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Step}: {(e.StartedNs - e.PlannedNs) / 1e6:0.0} to {(e.AcknowledgedNs - e.PlannedNs) / 1e6:0.0} ms after its instant")));

    /// <summary>What keeps a run from being compared: a machine that stood still or was busy, or a link that changed long after its instant.</summary>
    private static string? Disturbance(RunFixture runs, RunResult result)
    {
        var late = new[] { "fault", "unplug" }.FirstOrDefault(s => runs.Events().FirstOrDefault(e => e.Step == s && e.PlannedNs is not null) is not { AcknowledgedNs: { } done } step || done - step.PlannedNs > 500_000_000);
        return late is not null ? $"{late} did nothing until half a second after its instant"
            : (result.Stalls ?? []).MaxBy(s => s.DurationNs) is { } stall ? string.Create(CultureInfo.InvariantCulture, $"a pause of {stall.DurationNs / 1e6:0} ms")
            : null;
    }

    /// <summary>
    /// A shipped scenario, unchanged, some times in each lab. <c>FAILOVERLAB_AGREEMENT</c> says how often (default 5), <c>FAILOVERLAB_SCENARIO</c>
    /// which (default test-all). For each fault the range of its outages over the runs, every run's own interval included; ranges must overlap, but for outages that last until a restore.
    /// </summary>
    [Explicit("takes minutes")]
    [TestCase(StackLinks.Nft, TestName = "Agreement_NamespacesOverSsh_RangesOverlap")]
    [TestCase(StackLinks.Netem, TestName = "Agreement_GuestWithNetemOverSsh_RangesOverlap")]
    [TestCase(StackLinks.Pve, TestName = "Agreement_PlugsOfProxmox_RangesOverlap")]
    public async Task Agreement_LabOverSsh_RangesOverlap(StackLinks links)
    {
        var hasGuest = links == StackLinks.Netem;
        LabTier.Require();
        RealLab.Require();
        if (hasGuest && GuestImage.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        var count = int.Parse(Environment.GetEnvironmentVariable("FAILOVERLAB_AGREEMENT") ?? "5", CultureInfo.InvariantCulture);
        var scenario = Environment.GetEnvironmentVariable("FAILOVERLAB_SCENARIO") ?? "test-all";
        using var embedded = new RunFixture();
        using var remote = new RunFixture();
        var hosts = PerfectLinks(embedded.Directory, hasGuest);
        await using var lab = await StackLab.StartAsync(hosts, links);
        scenario = links == StackLinks.Pve ? embedded.Scenario(Plugged(scenario)) : scenario;
        var (here, there) = (new List<FaultFigure>(), new List<FaultFigure>());
        using var watch = DecidedRun.Watch();
        for (var run = 0; run < count; run++)
        {
            here.AddRange(await FiguresAsync(embedded, () => ProgramUnderTest.Start("scenario", scenario, "--hosts", hosts, "--out", embedded.Directory)));
            there.AddRange(await FiguresAsync(remote, () => lab.Start("scenario", scenario, "--hosts", lab.HostsFile, "--out", remote.Directory)));
        }

        var rows = here.Select(f => f.Step).Distinct().Select(s => (Step: s, Here: here.Where(f => f.Step == s).ToList(), There: there.Where(f => f.Step == s).ToList())).ToList();
        TestContext.Out.WriteLine($"{scenario}, {count} runs a lab: outage, median and range");
        rows.ForEach(r => TestContext.Out.WriteLine($"| {r.Step} | {Words(r.Here)} | {Words(r.There)} |"));
        var apart = rows.Where(r => !r.Here.Concat(r.There).All(f => f.EndsByNextStep) && !Overlap(r.Here, r.There, 0)).Select(r => r.Step).ToList();

        // A standstill explains a difference no longer than itself.
        if (apart.Count > 0 && DecidedRun.Longest(watch) is { } stall && rows.Where(r => apart.Contains(r.Step)).All(r => Overlap(r.Here, r.There, stall.DurationNs)))
        {
            Assert.Inconclusive($"{string.Join(", ", apart)} lie apart, but {DecidedRun.Standstill(watch)} meanwhile");
        }

        Assert.That(apart, Is.Empty);
    }

    private static async Task<IReadOnlyList<FaultFigure>> FiguresAsync(RunFixture runs, Func<System.Diagnostics.Process> start)
    {
        var outcome = await ProgramUnderTest.FinishAsync(start(), TimeSpan.FromMinutes(10));
        TestContext.Out.WriteLine(outcome.Output);
        Assert.That(outcome.ExitCode, Is.AnyOf(0, 1, 5, 6), outcome.Output + outcome.Error);
        var result = runs.Result();
        TestContext.Out.WriteLine(string.Join("; ", result.Flows.Where(f => f.OneWayDelayNs is not null).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Id} took {f.OneWayDelayNs!.Median / 1e6:0.0} ms, 99 % {f.OneWayDelayNs.P99 / 1e6:0.0}, at most {f.OneWayDelayNs.Max / 1e6:0.0}"))));
        return FaultFigure.Of(runs.Latest, result);
    }

    /// <summary>Everything that is special to hosts over ssh was there: the stack's events on one clock, counts of both ends, the lab as found.</summary>
    private static void AssertPerformedOverSsh(RunFixture runs, RunResult result)
    {
        var sent = File.ReadAllText(Path.Combine(runs.Latest, "logs", "traffic", "03-traffic-traffic.out"));
        var events = runs.Events().Where(e => e.Kind == RunEventKind.Stack).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(result.Restored, Is.True);
            Assert.That(sent, Does.StartWith("{\"event\":\"armed\"}").And.Contain("\"event\":\"sent\""));
            Assert.That(File.ReadAllText(Path.Combine(runs.Latest, "logs", "business", "probe-receiver.out")), Does.Contain("\"event\":\"received\""));
            Assert.That(events.Select(e => e.Host).Distinct(), Is.SupersetOf(new[] { "endpoint", "router-1", "router-2", "balancer", "controller" }));
            Assert.That(events.Where(e => e.Text == "switch-decided").Select(e => e.AtNs), Is.All.InRange(result.StartNs!.Value, result.StartNs.Value + 60_000_000_000));
            Assert.That(result.Clock!.Hosts.Where(h => h.BoundNs > 0).Select(h => h.Host), Is.SupersetOf(new[] { "traffic", "business", "wan-103" }));
            Assert.That(result.Flows.Count(f => f.Kind == FlowKind.Probe), Is.EqualTo(4));
        });
    }

    /// <summary>The embedded lab's hosts with links that do nothing to packets, so that a lab without delays can be held against it.</summary>
    /// <param name="folder">Where the files are put.</param>
    /// <param name="isPatient">Whether a path is dead after 300 ms instead of 30, and not worse for delay: emulated machines are silent for longer than 30 ms by themselves.</param>
    private static string PerfectLinks(string folder, bool isPatient = false)
    {
        var lab = Path.Combine(ProgramUnderTest.Root, "lab");
        var stack = Directory.CreateDirectory(Path.Combine(folder, "stack")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(lab, "stack")))
        {
            var text = File.ReadAllText(file);
            File.WriteAllText(Path.Combine(stack, Path.GetFileName(file)), isPatient ? Patient(text) : text);
        }

        File.WriteAllLines(
            Path.Combine(folder, "topology.yaml"),
            File.ReadAllLines(Path.Combine(lab, "topology.yaml")).Where(l => !l.TrimStart().StartsWith("profile:", StringComparison.Ordinal)));
        var hosts = Path.Combine(folder, "hosts.yaml");
        File.WriteAllText(hosts, File.ReadAllText(Path.Combine(ProgramUnderTest.Root, "hosts.yaml")).Replace("lab: lab/topology.yaml", "lab: topology.yaml", StringComparison.Ordinal));
        return hosts;
    }

    /// <summary>A shipped scenario for links that have nothing but a plug.</summary>
    private static string Plugged(string scenario) =>
        File.ReadAllText(Path.Combine(ProgramUnderTest.Root, "scenarios", scenario + ".yaml")).Replace("drop: true", "carrier: false", StringComparison.Ordinal);

    private static string Patient(string stackFile) => stackFile
        .Replace("keepalive_interval: 0.01 ", "keepalive_interval: 0.1 ", StringComparison.Ordinal)
        .Replace("sla: { latency: 130ms, jitter: 30ms,", "sla: { latency: 1s, jitter: 500ms,", StringComparison.Ordinal);

    private static bool Overlap(IReadOnlyList<FaultFigure> a, IReadOnlyList<FaultFigure> b, long slackNs) =>
        a.Min(f => f.LowNs) <= b.Max(f => f.HighNs) + slackNs && b.Min(f => f.LowNs) <= a.Max(f => f.HighNs) + slackNs;

    private static string Words(IReadOnlyList<FaultFigure> figures)
    {
        var middles = figures.Select(f => (f.LowNs + f.HighNs) / 2e6).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{middles[middles.Count / 2]:0.0} ms ({figures.Min(f => f.LowNs) / 1e6:0.0} to {figures.Max(f => f.HighNs) / 1e6:0.0})");
    }
}
