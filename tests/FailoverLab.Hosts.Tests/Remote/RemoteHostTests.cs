using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>Steps over a real sshd, from arming to the fetched files.</summary>
[SupportedOSPlatform("linux")]
public sealed class RemoteHostTests
{
    private SshServer _server = null!;
    private SshLab _lab = null!;
    private string _directory = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SshServer.StartAsync();
        _lab = _server.Lab();
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (_server is not null)
        {
            await _lab.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    [SetUp]
    public void SetUp() => _directory = Directory.CreateTempSubdirectory("failoverlab-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task FireAsync_CommandsWithFiles_RunAtTheirInstantsAndLeaveLogs()
    {
        var copied = Path.Combine(_directory, "it's a file");
        await File.WriteAllTextAsync(copied, "carried");
        var events = await RunAsync(
            Step("01", 0, Command("cat \"$FAILOVERLAB_FILES/0/it's a file\"; echo $LAB >&2; exit 3") with { CopiedFiles = [copied], Environment = new Dictionary<string, string> { ["LAB"] = "x" } }),
            Step("02", 200, Command("sleep 676")),
            Step("03", 250, Command("sleep 677") with { Timeout = TimeSpan.FromMilliseconds(100) }),
            Step("04", 60_000, Command("echo never")));

        var starts = events.Where(e => e.StartedNs is not null).ToDictionary(e => e.Step!);
        Assert.That(starts.Keys, Is.EquivalentTo(new[] { "01", "02", "03" }));
        Assert.That(starts["02"].PlannedNs - starts["01"].PlannedNs, Is.EqualTo(200_000_000));
        Assert.That(starts.Values.Select(s => s.StartedNs <= s.AcknowledgedNs), Has.All.True);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(_directory, "logs/edge-1/01.out")), Is.EqualTo("carried"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(_directory, "logs/edge-1/01.err")), Is.EqualTo("x\n"));
        Assert.That(events.Single(e => e.Step == "01" && e.ExitStatus is not null), Has.Property("Kind").EqualTo(RunEventKind.Fault).And.Property("ExitStatus").EqualTo(3));
        Assert.That(events.Single(e => e.Step == "03" && e.ExitStatus is not null).Text, Does.Contain("killed after its timeout of 0.1 s"));
        Assert.That(IsAnyRunning("sleep 676"), Is.False);
    }

    [Test]
    public async Task StopAsync_Capture_IsFetchedAndCounted()
    {
        if (!File.Exists("/usr/bin/dumpcap") && !File.Exists("/usr/bin/tcpdump"))
        {
            Assert.Ignore("needs dumpcap or tcpdump");
        }

        await using var place = Place();
        await place.ArmAsync(Plan(Step("00", 0, new CaptureStart(["lo"], 96)), Step("01", 0, Command("ping -c 3 -i 0.05 127.0.0.1"))), _directory, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        await ReadUntilAsync(place, e => e.Step == "01" && e.ExitStatus is not null);

        var count = (await place.StopAsync()).Single();

        Assert.That((count.Point, count.File, count.Fault), Is.EqualTo(("edge-1.lo", "captures/edge-1.lo.pcapng", (string?)null)));
        Assert.That(count.Written, Is.GreaterThanOrEqualTo(6));
        Assert.That(new FileInfo(Path.Combine(_directory, count.File)).Length, Is.GreaterThan(count.Written * 60));
        Assert.That(place.Clocks.Single().BoundNs, Is.GreaterThan(0));
    }

    [Test]
    public async Task Revised_AfterTheRun_IsOnTheClockAsItWasThen()
    {
        await using var place = Place();
        await place.ArmAsync(Plan(Step("01", 0, Command("true"))), _directory, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        var told = await ReadUntilAsync(place, e => e.Step == "01" && e.ExitStatus is not null);
        await place.StopAsync();

        var clock = place.Clocks.Single();
        foreach (var item in told.Where(e => e.Step == "01"))
        {
            var revised = place.Revised(item);
            var offset = long.Parse(revised.Data!["hostNs"], CultureInfo.InvariantCulture) - revised.AtNs;
            Assert.That(Math.Abs(offset - clock.OffsetNs), Is.LessThanOrEqualTo(clock.BoundNs), item.Text);
            Assert.That(revised.AtNs - item.AtNs, Is.EqualTo((revised.StartedNs ?? revised.AtNs) - (item.StartedNs ?? item.AtNs)));
        }

        var other = told.First(e => e.Step is null);
        Assert.That(place.Revised(other), Is.SameAs(other));
        var anothers = told.First(e => e.StartedNs is not null) with { };
        Assert.That(place.Revised(anothers), Is.SameAs(anothers), "a place that measured by itself is not put right");
    }

    [Test]
    public async Task StopAsync_NoRoomHere_SaysWhatIsMissingAndGoesOn()
    {
        if (!File.Exists("/usr/bin/dumpcap") && !File.Exists("/usr/bin/tcpdump"))
        {
            Assert.Ignore("needs dumpcap or tcpdump");
        }

        // Files where the directories should be refuse what is written as a full disk does.
        await File.WriteAllTextAsync(Path.Combine(_directory, "captures"), "");
        await File.WriteAllTextAsync(Path.Combine(_directory, "logs"), "");
        await using var place = Place();
        await place.ArmAsync(Plan(Step("00", 0, new CaptureStart(["lo"], 96)), Step("01", 0, Command("echo said"))), _directory, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        var events = await ReadUntilAsync(place, e => e.Step == "01" && e.ExitStatus is not null);

        var count = (await place.StopAsync()).Single();
        await place.DisposeAsync();
        await foreach (var item in place.Events.ReadAllAsync())
        {
            events.Add(item);
        }

        Assert.That(count.Fault, Does.Contain("captures"));
        Assert.That(events.Where(e => e.Kind == RunEventKind.Fault).Select(e => e.Text), Has.Some.Contains("logs of step 01 could not be written here"));
        Assert.That(place.Clocks.Single().BoundNs, Is.GreaterThan(0), "the clock is measured all the same");
    }

    [Test]
    public async Task StopAsync_CommandThatDoesNotEndThoughKilled_IsToldAndNotWaitedFor()
    {
        // Between this machine and the far side: from the first release on nothing is told of programs that end.
        var client = Path.Combine(_directory, "ssh");
        await File.WriteAllTextAsync(client, """
            #!/bin/sh
            for last; do :; done
            sh -c "$last" | while IFS= read -r l; do
              case $l in FL*" S "*) released=1 ;; esac
              case ${released:-0}$l in 1FL*" "[XZ]" "*) ;; *) printf '%s\n' "$l" ;; esac
            done
            """);
        File.SetUnixFileMode(client, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var lab = _server.Lab(program: client);
        await using var place = new RemoteHost("edge-1", stop => SshShell.ConnectAsync(_server.Target(), lab, stop), SystemClock.Shared, new QuickTime(20));
        await place.ArmAsync(Plan(Step("01", 0, Command("sleep 678") with { Timeout = TimeSpan.FromSeconds(2) })), _directory, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        var events = await ReadUntilAsync(place, e => e is { Step: "01", Kind: RunEventKind.Fault }).WaitAsync(TimeSpan.FromSeconds(60));

        await place.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(events[^1].Text, Is.EqualTo("command killed after its timeout of 2 s, and it has not ended since"));
        Assert.That(IsAnyRunning("sleep 678"), Is.False);
    }

    [Test]
    public async Task ArmAsync_InterfaceThatIsNotThere_SaysSo()
    {
        await using var place = Place();

        var refusal = await Assert.ThrowsAsync<StepHostException>(() => place.ArmAsync(Plan(Step("00", 0, new CaptureStart(["wan9"], 96))), _directory, CancellationToken.None));

        Assert.That(refusal!.Message, Does.Contain("edge-1").And.Contain("wan9"));
    }

    [Test]
    public async Task ArmAsync_StepThatNeedsALabNode_IsRefused()
    {
        await using var place = Place();

        var refusal = await Assert.ThrowsAsync<StepHostException>(() => place.ArmAsync(Plan(Step("07", 0, new StackKill("KILL"))), _directory, CancellationToken.None));

        Assert.That(refusal!.Message, Does.Contain("07"));
    }

    [Test]
    public async Task Events_HostIsLost_EndWithItsReason()
    {
        SshShell? shell = null;
        await using var place = new RemoteHost("edge-1", async stop => shell = await SshShell.ConnectAsync(_server.Target(), _lab, stop), SystemClock.Shared, TimeProvider.System);
        await place.ArmAsync(Plan(Step("01", 60_000, Command("echo never"))), _directory, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        shell!.Session.Cut();

        var events = new List<RunEvent>();
        await foreach (var item in place.Events.ReadAllAsync())
        {
            events.Add(item);
        }

        Assert.That(events[^1].Kind, Is.EqualTo(RunEventKind.Fault));
        Assert.That(events[^1].Text, Does.StartWith("host 'edge-1': the far side closed the channel"));
    }

    [Test]
    public async Task RemoteFiles_PartlyThereAlready_IsTakenUpAndChecked()
    {
        await using var shell = await SshShell.ConnectAsync(_server.Target(), _lab, CancellationToken.None);
        var content = new byte[300_000];
        new Random(5).NextBytes(content);
        var (here, there, back) = (Path.Combine(_directory, "a b"), Path.Combine(_directory, "far 'side'\n/c"), Path.Combine(_directory, "back"));
        await File.WriteAllBytesAsync(here, content);
        Directory.CreateDirectory(Path.GetDirectoryName(there)!);
        await File.WriteAllBytesAsync(there + ".flpart", content[..100_000]);
        await File.WriteAllBytesAsync(back + ".flpart", new byte[1000]);
        var files = new RemoteFiles(shell);

        await files.SendAsync(here, there, CancellationToken.None);
        await files.FetchAsync(there, back, content.Length, CancellationToken.None);

        Assert.That(await File.ReadAllBytesAsync(there), Is.EqualTo(content));
        Assert.That(await File.ReadAllBytesAsync(back), Is.EqualTo(content), "a part that is of another file is thrown away");
        Assert.That(Directory.GetFiles(_directory, "*.flpart", SearchOption.AllDirectories), Is.Empty);
        await Assert.ThrowsAsync<StepFailedException>(() => files.FetchAsync("/nonexistent/x", back, content.Length, CancellationToken.None));
        var refusal = await Assert.ThrowsAsync<StepFailedException>(() => files.FetchAsync(there, back + "2", content.Length - 1, CancellationToken.None));
        Assert.That(refusal!.Message, Does.EndWith("has 300000 bytes, and 299999 at most are brought here"));
        Assert.That(Directory.GetFiles(_directory, "back2*"), Is.Empty, "nothing of one that is too large");
    }

    [Test]
    public async Task OfAsync_KnownText_IsTheChecksumOfPosix()
    {
        using var text = new MemoryStream("123456789"u8.ToArray());

        Assert.That(await PosixChecksum.OfAsync(text, CancellationToken.None), Is.EqualTo(930766865));
    }

    private RemoteHost Place() => new("edge-1", stop => SshShell.ConnectAsync(_server.Target(), _lab, stop), SystemClock.Shared, TimeProvider.System);

    private async Task<List<RunEvent>> RunAsync(params StepPlan[] steps)
    {
        await using var place = Place();
        await place.ArmAsync(Plan(steps), _directory, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        var events = await ReadUntilAsync(place, e => e.Step == "03" && e.ExitStatus is not null);
        await place.StopAsync();
        return events;
    }

    private static async Task<List<RunEvent>> ReadUntilAsync(RemoteHost place, Func<RunEvent, bool> isLast)
    {
        var events = new List<RunEvent>();
        await foreach (var item in place.Events.ReadAllAsync())
        {
            events.Add(item);
            if (isLast(item))
            {
                break;
            }
        }

        return events;
    }

    private static bool IsAnyRunning(string commandLine) =>
        Process.GetProcesses().Any(p => File.Exists($"/proc/{p.Id}/cmdline") && File.ReadAllText($"/proc/{p.Id}/cmdline").TrimEnd('\0').Replace('\0', ' ') == commandLine.Replace('\0', ' '));

    private static RunCommand Command(string shell) => new(shell, TimeSpan.FromSeconds(30), new Dictionary<string, string>());

    private static StepPlan Step(string name, int atMs, StepAction action) => new()
    {
        Name = name,
        Host = "edge-1",
        At = TimeSpan.FromMilliseconds(atMs),
        Action = action,
        Command = "…",
        Undo = "",
        Position = SourcePosition.WholeFile("test"),
    };

    private static RunPlan Plan(params StepPlan[] steps) => new()
    {
        Scenario = "remote",
        Description = "",
        Duration = TimeSpan.FromSeconds(61),
        Seed = 1,
        Topology = null,
        Hosts = [new HostPlan("edge-1", HostTransport.Ssh, "")],
        Steps = steps,
        Expectations = [],
    };
}
