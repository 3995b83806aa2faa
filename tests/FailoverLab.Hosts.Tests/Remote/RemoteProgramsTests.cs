using System.Net;
using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>Our program over a real sshd: started when armed, let go at its instant, ended as asked, its words brought back. A script stands for it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RemoteProgramsTests
{
    /// <summary>Says what it was given once its gate opens; a config that says so makes it end by itself.</summary>
    private const string Script = """
        #!/bin/sh
        trap 'echo "{\"event\":\"sent\"}"; exit 0' TERM
        echo '{"event":"armed"}'
        case $1 in
          probe-session)
            if [ "$4" = receive ]; then grep -q '"to": "edge-1"' "$2" || exit 3; else grep -q '"from": "edge-1"' "$2" && read -r go || exit 3; fi
            ;;
          *)
            IFS= read -r secret && IFS= read -r empty && [ -z "$empty" ] || exit 3
            key=${secret#FAILOVERLAB_PSK=}
            read -r go
            leaks=$(printf '%s\n' "$key" | grep -lasF -f - /proc/[0-9]*/environ /proc/[0-9]*/cmdline; printf '%s\n' "$key" | grep -rlasF -D skip -f - "${FAILOVERLAB_DIR:?}")
            echo "{\"atNs\":$(date +%s%N),\"event\":\"ready\",\"data\":{\"config\":\"$(cat "$3")\",\"key\":\"$key\",\"leaks\":\"$(echo $leaks)\"}}"
            grep -q short "$3" && exit 7
            ;;
        esac
        while :; do sleep 0.05; done
        """;

    private const string Canary = "canary-5b1e0c77d2-of-the-tunnel";

    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-programs-").FullName;
    private SshServer _server = null!;
    private SshLab _lab = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await SshServer.StartAsync();
        _lab = _server.Lab();
        var program = Path.Combine(_folder, "program");
        await File.WriteAllTextAsync(program, Script + "\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    [TearDown]
    public async Task EndAsync()
    {
        if (_server is not null)
        {
            await _lab.DisposeAsync();
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task FireAsync_StackStartedAndKilled_ItsEventsComeBackOnTheReferenceClock()
    {
        var events = await RunAsync("stays", Step("01", 0, new StackStart("router", Path.Combine(_folder, "config"))), Step("02", 500, new StackKill("KILL")));

        var ready = events.Single(e => e.Kind == RunEventKind.Stack);
        Assert.Multiple(() =>
        {
            Assert.That(ready.Data, Is.EqualTo(new Dictionary<string, string> { ["config"] = "stays", ["key"] = Canary, ["leaks"] = "" }));
            Assert.That(ready.AtNs, Is.GreaterThan(events.First(e => e.Step == "01").PlannedNs!.Value - 100_000_000));
            Assert.That(events.Single(e => e.Text == "program ended as asked"), Has.Property("Kind").EqualTo(RunEventKind.Step));
            Assert.That(events.Select(e => e.Kind), Has.None.EqualTo(RunEventKind.NodeExit));
            Assert.That(File.ReadAllText(Path.Combine(_folder, "logs/edge-1/01.out")), Does.StartWith("""{"event":"armed"}"""));
        });
    }

    [Test]
    public async Task FireAsync_StackEndsByItself_ToldAsTheLossOfItsNode()
    {
        var events = await RunAsync("short", Step("01", 0, new StackStart("router", Path.Combine(_folder, "config"))), Step("02", 600, Command("true")));

        var end = events.Single(e => e.Kind == RunEventKind.NodeExit);
        Assert.That((end.ExitStatus, end.Text), Is.EqualTo((7, "the program of 01 ended by itself with status 7; see logs/edge-1/01.err")));
    }

    [Test]
    public async Task FireAsync_Traffic_SenderStopsAtItsStepAndReceiverAtTheEnd()
    {
        var events = await RunAsync("", Step("01", 0, new TrafficStart([Flow("edge-1", "far")])), Step("02", 0, new TrafficStart([Flow("far", "edge-1")]), "far"), Step("03", 500, new StopStep(StopTarget.Traffic)));

        Assert.That(events.Count(e => e.Text == "program ended as asked"), Is.EqualTo(1));
        Assert.That(File.ReadAllText(Path.Combine(_folder, "logs/edge-1/01.out")), Does.Contain("sent"));
        Assert.That(File.ReadAllText(Path.Combine(_folder, "logs/edge-1/probe-receiver.out")), Does.Contain("sent"), "asked to end, not killed");
    }

    [Test]
    public async Task ArmAsync_ProgramThatEndsAtOnce_RefusedWithItsLastWords()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config"), "x");
        await File.WriteAllTextAsync(Path.Combine(_folder, "refuses"), "#!/bin/sh\necho 'error: port taken' >&2\nexit 4\n");
        await using var place = Place("refuses");

        var refusal = await Assert.ThrowsAsync<StepHostException>(() => place.ArmAsync(Plan([Step("01", 0, new StackStart("router", Path.Combine(_folder, "config")))]), _folder, CancellationToken.None));

        Assert.That(refusal!.Message, Is.EqualTo("host 'edge-1': the program of step 01 ended before it was armed: error: port taken"));
    }

    private async Task<List<RunEvent>> RunAsync(string config, params StepPlan[] steps)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config"), config);
        await using var place = Place("program");
        await place.ArmAsync(Plan(steps), _folder, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        var events = new List<RunEvent>();
        var last = steps[^1].Name;
        await foreach (var item in place.Events.ReadAllAsync())
        {
            events.Add(item);
            if (events.Any(e => e.Step == last && e.ExitStatus is not null) && events.Any(e => e.Kind == RunEventKind.NodeExit || e.Text == "program ended as asked"))
            {
                break;
            }
        }

        await place.StopAsync();
        await place.DisposeAsync();
        await foreach (var item in place.Events.ReadAllAsync())
        {
            events.Add(item);
        }

        return events;
    }

    private RemoteHost Place(string program) => new("edge-1", async stop =>
    {
        var shell = await SshShell.ConnectAsync(_server.Target(), _lab, stop);
        var file = Path.Combine(_folder, program);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        shell.Program = file;
        return shell;
    }, SystemClock.Shared, TimeProvider.System)
    {
        Key = Canary,
    };

    private static RunCommand Command(string text) => new(text, TimeSpan.FromSeconds(30), new Dictionary<string, string>());

    private static StepPlan Step(string name, int atMs, StepAction action, string host = "edge-1") => new()
    {
        Name = name,
        Host = host,
        At = TimeSpan.FromMilliseconds(atMs),
        Action = action,
        Command = "",
        Undo = "",
        Position = new SourcePosition("scenario.yaml", 1, 1),
    };

    private static FlowPlan Flow(string from, string to) => new()
    {
        Id = 1,
        Name = $"{from}>{to}/ipv4",
        From = from,
        To = to,
        Source = IPAddress.Parse("192.0.2.1"),
        Destination = IPAddress.Parse("192.0.2.2"),
        Port = 40_001,
        Interval = TimeSpan.FromMilliseconds(1),
        Size = 64,
    };

    private static RunPlan Plan(IReadOnlyList<StepPlan> steps) => new()
    {
        Scenario = "x",
        Description = "",
        Duration = TimeSpan.FromMinutes(1),
        Seed = 1,
        Topology = null,
        Hosts = [],
        Steps = steps,
        Expectations = [],
    };
}
