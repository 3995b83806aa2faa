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

    private static RunPlan Plan(StepAction action) => new()
    {
        Scenario = "local",
        Description = "",
        Duration = TimeSpan.FromSeconds(1),
        Seed = 1,
        Topology = null,
        Hosts = [new HostPlan("here", HostTransport.Local, "")],
        Steps =
        [
            new StepPlan { Name = "01", Host = "here", At = TimeSpan.Zero, Action = action, Command = "…", Undo = "", Position = SourcePosition.WholeFile("test") },
        ],
        Expectations = [],
    };
}
