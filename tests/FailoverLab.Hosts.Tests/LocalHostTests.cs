using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>Real commands on this machine, through a real shell.</summary>
public sealed class LocalHostTests
{
    private string _directory = "";

    [SetUp]
    public void SetUp() => _directory = Directory.CreateTempSubdirectory("failoverlab-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task FireAsync_Commands_LeaveLogsAndStatus()
    {
        var events = await RunAsync(new RunCommand("echo $GREETING; echo oops >&2; exit 3", TimeSpan.FromSeconds(10), new Dictionary<string, string> { ["GREETING"] = "hello" }));

        var ended = events.Single(e => e.ExitStatus is not null);
        Assert.That(ended.ExitStatus, Is.EqualTo(3));
        Assert.That(ended.Kind, Is.EqualTo(RunEventKind.Fault));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(_directory, "logs/here/01.out")), Is.EqualTo("hello\n"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(_directory, "logs/here/01.err")), Is.EqualTo("oops\n"));
    }

    [Test]
    public async Task FireAsync_CommandOutlivesItsTimeout_IsKilledAndSaysSo()
    {
        var events = await RunAsync(new RunCommand("sleep 600", TimeSpan.FromMilliseconds(200), new Dictionary<string, string>()));

        Assert.That(events.Single(e => e.ExitStatus is not null).Text, Does.Contain("killed after its timeout of 0.2 s"));
    }

    [Test]
    public async Task ArmAsync_StepThatNeedsALabNode_IsRefused()
    {
        var place = new LocalHost(["here"], SystemClock.Shared);

        var refusal = await Assert.ThrowsAsync<StepHostException>(() => place.ArmAsync(Plan(new StackKill("KILL")), _directory, CancellationToken.None));

        Assert.That(refusal!.Message, Does.Contain("01"));
    }

    /// <summary>Held back when armed, so that nothing but opening its gate is done at the instant; and gone when the run ends before.</summary>
    [Test]
    public async Task ArmAsync_Command_StandsReadyAndDoesNothingUntilItsInstant()
    {
        var (mark, file) = (Path.GetRandomFileName(), Path.Combine(_directory, "done"));
        await using var place = new LocalHost(["here"], SystemClock.Shared);
        var command = new RunCommand($": {mark}; echo done >{file}", TimeSpan.FromSeconds(10), new Dictionary<string, string>());

        await place.ArmAsync(Plan(command, TimeSpan.FromHours(1)), _directory, CancellationToken.None);

        Assert.That(Shells(mark), Is.EqualTo(1));
        await place.FireAsync(SystemClock.Shared.RealtimeNs);
        await place.StopAsync();
        Assert.That(Shells(mark), Is.Zero);
        Assert.That(File.Exists(file), Is.False);
        Assert.That(place.Events.TryRead(out _), Is.False, "what never began has not ended");
    }

    /// <summary>Processes whose command line holds a mark.</summary>
    private static int Shells(string mark) => Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])).Count(d =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(d, "cmdline")).Contains(mark, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    private async Task<List<RunEvent>> RunAsync(RunCommand command)
    {
        var events = new List<RunEvent>();
        await using var place = new LocalHost(["here"], SystemClock.Shared);
        await place.ArmAsync(Plan(command), _directory, CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 10_000_000);
        await foreach (var item in place.Events.ReadAllAsync())
        {
            events.Add(item);
            if (item.ExitStatus is not null)
            {
                break;
            }
        }

        return events;
    }

    private static RunPlan Plan(StepAction action, TimeSpan at = default) => new()
    {
        Scenario = "local",
        Description = "",
        Duration = TimeSpan.FromSeconds(1),
        Seed = 1,
        Topology = null,
        Hosts = [new HostPlan("here", HostTransport.Local, "")],
        Steps =
        [
            new StepPlan { Name = "01", Host = "here", At = at, Action = action, Command = "…", Undo = "", Position = SourcePosition.WholeFile("test") },
        ],
        Expectations = [],
    };
}
