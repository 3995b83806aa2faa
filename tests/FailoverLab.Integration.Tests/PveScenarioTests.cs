using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using FailoverLab.Linux;
using FailoverLab.Proxmox;
using FailoverLab.Proxmox.Testing;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>The program against a PVE host whose machine has a true cable: a card's plug is pulled and put back, and pings feel it.</summary>
[SupportedOSPlatform("linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class PveScenarioTests : IAsyncDisposable
{
    private readonly RunFixture _runs = new();
    private readonly TaskCompletionSource _pulled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PluggedCable _cable = null!;
    private FakePve _pve = null!;
    private string _before = "";

    private FakeMachine Machine => _pve.Machines[103];

    private NetDevice Card => NetDevice.Parse(Machine.Config["net1"])!;

    [SetUp]
    public async Task Start()
    {
        LabTier.RequireRoot();
        LabTier.RequireTool("/usr/bin/ping");
        _cable = new PluggedCable();
        _pve = await FakePve.StartAsync();
        _pve.NetChanged = (vmid, net, card) =>
        {
            if ((vmid, net) == (103, 1))
            {
                _cable.Plug(isIn: !card.IsLinkDown);
                _ = card.IsLinkDown && _pulled.TrySetResult();
            }
        };
        _before = Card.Sorted;
        Environment.SetEnvironmentVariable("FAKE_PVE_LAB", $"{FakePve.Token}={FakePve.TokenSecret}");
        await File.WriteAllTextAsync(Path.Combine(_runs.Directory, "hosts.yaml"), $$"""
            version: 1
            hosts: { here: { transport: local } }
            pve:
              lab: { url: "{{_pve.Url.GetLeftPart(UriPartial.Authority)}}", node: pve1, fingerprint: "{{PveFingerprint.Of(_pve.Certificate)}}", token: "env:FAKE_PVE_LAB" }
            links:
              starlink-1: { driver: pve, vm: 103, pve: lab, net: 1 }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pve is not null)
        {
            await _pve.DisposeAsync();
        }

        _cable?.Dispose();
        _runs.Dispose();
    }

    [Test]
    public async Task Scenario_PlugPulledForASecond_PingsFeelItAndTheCardIsAsItWas()
    {
        var outcome = await ProgramUnderTest.FinishAsync(Run("scenario", _runs.Scenario($$"""
            version: 1
            name: plug
            duration: 4s
            steps:
              - { at: 0s, hosts: here, run: "{{_cable.Ping}} -D -n -i 0.01 -w 3" }
              - { at: 1s, degrade: { link: starlink-1, carrier: false } }
              - { at: 2s, restore: starlink-1 }
            """), "--out", _runs.Directory));

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        Assert.That(_runs.Result().Restored, Is.True);
        Assert.That((Card.Sorted, string.Join('\n', _pve.SchemaFaults)), Is.EqualTo((_before, "")));
        Assert.That(_pve.Requests.Where(r => r.Method == "PUT").Select(r => NetDevice.Parse(r["net1"]!)!.IsLinkDown), Is.EqualTo(new[] { true, false }), "written twice, and not again where nothing is left to undo");
        Assert.That(outcome.Output + outcome.Error + string.Join('\n', Directory.EnumerateFiles(_runs.Directory, "*.*", SearchOption.AllDirectories).Where(f => !f.Contains("/latest/", StringComparison.Ordinal)).Select(File.ReadAllText)), Does.Not.Contain(FakePve.TokenSecret));

        var steps = _runs.Events().Where(e => e is { Kind: RunEventKind.Step, PlannedNs: not null, AcknowledgedNs: not null } && e.Step is "02-degrade-starlink-1" or "03-restore-starlink-1").ToList();
        Assert.That(steps.Select(s => s.Step), Is.EqualTo(new[] { "02-degrade-starlink-1", "03-restore-starlink-1" }));
        Assert.That(steps.Select(s => s.PlannedNs - steps[0].PlannedNs), Is.EqualTo(new long?[] { 0, 1_000_000_000 }));
        Assert.That(steps, Has.All.Matches<RunEvent>(s => s!.AcknowledgedNs > s.PlannedNs));

        // Causes come before effects: no answer after the plug was known to be out, none again before it was asked back.
        var answers = Answer().Matches(await File.ReadAllTextAsync(Directory.EnumerateFiles(Path.Combine(_runs.Latest, "logs", "here"), "*.out").Single()))
            .Select(m => (long)(decimal.Parse(m.Groups["at"].Value, CultureInfo.InvariantCulture) * 1_000_000_000)).ToList();
        Assert.That(answers, Has.Count.GreaterThan(20));
        var (before, after) = answers.Zip(answers.Skip(1)).MaxBy(p => p.Second - p.First);
        Assert.That(before, Is.LessThan(steps[0].AcknowledgedNs!.Value));
        Assert.That(after, Is.GreaterThan(steps[1].PlannedNs!.Value));
    }

    [Test]
    public async Task Scenario_KilledWhileThePlugIsOut_RecoverPutsItBackIn()
    {
        using var program = Run("scenario", _runs.Scenario(Outage), "--out", _runs.Directory);
        await _pulled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        ProcessControl.Kill(program.Id, ProcessControl.KillSignal);
        await program.WaitForExitAsync();
        Assert.That((Card.IsLinkDown, _cable.IsIn), Is.EqualTo((true, false)), "nobody is left to put it back");

        var first = await ProgramUnderTest.FinishAsync(Run("recover"));
        var second = await ProgramUnderTest.FinishAsync(Run("recover"));

        Assert.That(first.ExitCode, Is.Zero, first.Output + first.Error);
        Assert.That(first.Output, Does.Contain("pve starlink-1: restored, read back"));
        Assert.That((Card.Sorted, _cable.IsIn), Is.EqualTo((_before, true)));
        Assert.That((second.ExitCode, second.Output.Trim()), Is.EqualTo((0, "no run left anything")));
    }

    [Test]
    public async Task Scenario_CardMovedByAPersonMeanwhile_IsLeftAsTheyWantItAndSaid()
    {
        var running = ProgramUnderTest.FinishAsync(Run("scenario", _runs.Scenario(Outage), "--out", _runs.Directory));
        await _pulled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var digest = Machine.Digest;
        Machine.Config["net1"] = Machine.Config["net1"].Replace("bridge=vmbr8", "bridge=vmbr9", StringComparison.Ordinal);
        Assert.That(Machine.Digest, Is.Not.EqualTo(digest));
        var outcome = await running;

        Assert.That(outcome.ExitCode, Is.EqualTo(10), outcome.Error);
        Assert.That(outcome.Error, Does.Contain("net1 of machine 103 has bridge=vmbr9 here, bridge=vmbr8 before, which this run did not change")
            .And.Contains("`recover` tries again, or by hand:").And.Contains(" pve net lab 103 net1 --hosts "));
        Assert.That(_runs.Result().Restored, Is.False);
        Assert.That(Card.Sorted, Is.EqualTo(_before.Replace("bridge=vmbr8", "bridge=vmbr9", StringComparison.Ordinal)), "ours is undone, theirs stays");
        Assert.That(_pve.Requests.Where(r => r.Method == "PUT").Skip(1).Select(r => r["net1"]), Has.All.Contains("vmbr9"));
    }

    private const string Outage = """
        version: 1
        name: outage
        duration: 2s
        steps:
          - { at: 0s, degrade: { link: starlink-1, carrier: false } }
        """;

    [GeneratedRegex(@"^\[(?<at>\d+\.\d+)\] .* bytes from ", RegexOptions.Multiline)]
    private static partial Regex Answer();

    /// <summary>Starts the program with journals of its own.</summary>
    private System.Diagnostics.Process Run(string verb, params string[] arguments) =>
        ProgramUnderTest.StartWrapped(["env", $"XDG_STATE_HOME={Path.Combine(_runs.Directory, "state")}"], [verb, .. arguments, .. verb == "scenario" ? ["--hosts", Path.Combine(_runs.Directory, "hosts.yaml")] : Array.Empty<string>()]);
}
