using System.Runtime.Versioning;
using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Restoration;
using FailoverLab.Scenarios;
using FailoverLab.Testing;

namespace FailoverLab.Cli.Tests.Running;

/// <summary>A WANulator that a dead run left degraded: <c>recover</c> logs in with the hosts file's password and loads the profile again.</summary>
[SupportedOSPlatform("linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WanulatorRecoveryTests : IAsyncDisposable
{
    private const string Variable = "FAKE_WANULATOR_PASSWORD";

    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-wanulator").FullName;
    private readonly FakeConsole _console = new(seed: 7);
    private readonly List<string> _said = [];
    private readonly SshHosts _ssh;

    public WanulatorRecoveryTests() => _ssh = new SshHosts(Path.Combine(_folder, "known_hosts"), SystemClock.Shared, TimeProvider.System);

    private StateFolder State => new(Path.Combine(_folder, "state", "failoverlab"));

    private string HostsFile => Path.Combine(_folder, "hosts.yaml");

    private string Program => Path.Combine(_console.Directory, "wanulator2-headless");

    public async ValueTask DisposeAsync()
    {
        await _ssh.DisposeAsync();
        await _console.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Recover_WithTheHostsFile_LoadsTheProfileAgain()
    {
        var drivers = await LeaveDegradedAsync();
        Assert.That(await LoadedAsync(), Does.Contain("DelayValue=\"15\""), "degraded when the run died");

        var report = await RecoverAsync(drivers);

        Assert.That(report.Restored, Is.True, string.Join('\n', RecoveryText.Lines(report, isList: false)));
        Assert.That(await LoadedAsync(), Does.Not.Contain("DelayValue").And.Contains("Name=\"ens18\"").And.Contains("Name=\"ens19\""));
        Assert.That((_console.Logins, State.Journals().Count), Is.EqualTo((2, 0)));
        Assert.That(string.Join('\n', _said) + await File.ReadAllTextAsync(Path.Combine(_folder, "restoration.ndjson")), Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task Recover_MachineOfAHostOverSsh_ItsLineIsOpenedThere()
    {
        await using var sshd = await LoopbackSshd.StartAsync();
        var drivers = await LeaveDegradedAsync(sshd.Host);
        Assert.That(await LoadedAsync(), Does.Contain("DelayValue=\"15\""), "degraded when the run died");

        var report = await RecoverAsync(drivers);

        Assert.That(report.Restored, Is.True, string.Join('\n', RecoveryText.Lines(report, isList: false)));
        Assert.That(await LoadedAsync(), Does.Not.Contain("DelayValue"));
        Assert.That(_console.Logins, Is.EqualTo(2));
    }

    [Test]
    public async Task Apply_HostOverSshHasNoSuchLine_SaysSoAndLooksForNoneHere()
    {
        await using var sshd = await LoopbackSshd.StartAsync();

        var failure = await Assert.ThrowsAsync<StepHostException>(() => LeaveDegradedAsync(sshd.Host, "/run/qemu-server/999999.serial0"));

        Assert.That(failure!.Message, Does.Contain("serial line /run/qemu-server/999999.serial0 on host 'pve'").And.Contain("is the machine running"));
    }

    [Test]
    public async Task Recover_WithoutThePassword_SaysWhereItIsMissingAndKeepsTheJournal()
    {
        var drivers = await LeaveDegradedAsync();
        Environment.SetEnvironmentVariable(Variable, null);

        var report = await RecoverAsync(drivers);

        Assert.That(report.Restored, Is.False);
        Assert.That(string.Join('\n', RecoveryText.Lines(report, isList: false)), Does.Contain($"the environment variable '{Variable}' is not set"));
        Assert.That(State.Journals(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Recover_WithoutTheHostsFile_AsksForIt()
    {
        await LeaveDegradedAsync();
        var before = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Path.Combine(_folder, "state"));
        try
        {
            var run = await CommandRun.OfAsync("recover");
            Assert.That(run.Status, Is.EqualTo(10), run.Error);
            Assert.That(run.Output, Does.Contain("changes of kind 'wanulator'; give the hosts file with --hosts"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_STATE_HOME", before);
        }
    }

    private async Task<RecoveryReport> RecoverAsync(RealLinkDrivers drivers)
    {
        await using var shells = new ReachedShells([], SystemClock.Shared, TimeProvider.System);
        var made = drivers.WithoutCommands();
        try
        {
            return await new LabRecovery(State, shells, [.. made.Select(d => new DriverUndoer(d))], TimeProvider.System).RunAsync(CancellationToken.None);
        }
        finally
        {
            foreach (var driver in made)
            {
                await driver.DisposeAsync();
            }
        }
    }

    /// <summary>A run that delays the link and dies before it is put back.</summary>
    private async Task<RealLinkDrivers> LeaveDegradedAsync(string host = "transport: local", string? line = null)
    {
        Environment.SetEnvironmentVariable(Variable, _console.Password);
        await File.WriteAllTextAsync(Program, "#!/bin/sh\ncp \"$2\" \"$(dirname \"$0\")/loaded\"\n");
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(HostsFile, $$"""
            version: 1
            hosts: { pve: { {{host}} } }
            links:
              byu: { driver: wanulator, host: pve, vm: 101, lan: enp1s0f2, wan: enp1s0f3, serial: "{{line ?? _console.Path}}", password: "env:{{Variable}}" }
            """);
        var inventory = InventoryLoader.Load(HostsFile);
        var plan = inventory.Plan ?? throw new AssertionException(string.Join('\n', inventory.Diagnostics));
        var drivers = new RealLinkDrivers(plan.Links, plan.Pve, seed: null, plan.File, SelfCommand.Of(typeof(CommandRun).Assembly), (_, words) => _said.Add(words), TimeProvider.System)
        {
            WanulatorProgram = Program,
            Remote = new RemoteSerialLines(plan.Hosts, _ssh),
        };
        using var journal = RestorationJournal.Begin(_folder, State, "hosts", "run-1", HostsFile, TimeProvider.System);
        var lab = new LabRestoration(journal, TimeProvider.System);
        await using var driver = new GuardedLinkDriver(drivers.Make(plan.Links.Single(), shell: null), lab, guard: null);
        await driver.ApplyAsync(LinkDirection.Both, new LinkChange { Delay = TimeSpan.FromMilliseconds(150) }, CancellationToken.None);
        return drivers;
    }

    private Task<string> LoadedAsync() => File.ReadAllTextAsync(Path.Combine(_console.Directory, "loaded"));
}
