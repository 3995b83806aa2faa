using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>What the driver makes of what the far side says, whatever that is.</summary>
public sealed class EmulatorDriverTests
{
    private const string Running = """{"line":1,"links":[{"link":"a-b","running":true,"upAsked":"x","downAsked":"y"}],"changes":[{"change":1,"state":"made","made":[{"link":"a-b","effectNs":5,"acknowledgedNs":9}]}]}""";
    private const string Made = """{"line":1,"change":1,"state":"made","made":[{"link":"a-b","effectNs":5,"acknowledgedNs":9}]}""";
    private const string Planned = """{"line":1,"change":1,"state":"planned","atNs":4}""";

    private static readonly string[] Garbage =
    [
        "", "{}", "[]", "1", "null", "\"x\"", "{", "{\"links\":[]}", "{\"links\":[1],\"change\":\"x\"}", "{\"links\":{},\"change\":99999999999999}", "{\"errors\":1}", "{\"errors\":[1]}", "{\"failure\":{}}",
        "{\"change\":1,\"made\":[]}", "{\"change\":1,\"made\":[{\"effectNs\":\"x\"}]}", "{\"links\":[{\"running\":\"yes\"}]}", "{\"links\":[{\"running\":true}],\"changes\":7}", "{\"links\":[{\"running\":true}],\"changes\":[[]]}",
    ];

    [TestCaseSource(nameof(Garbage))]
    public void Apply_AnswerIsNone_FailsTheStepAndNothingElse(string answer)
    {
        Assert.That(async () => await Driver(new TalkingShell(_ => answer)).ApplyAsync(LinkDirection.Both, new LinkChange { Drop = true }, CancellationToken.None), Throws.TypeOf<StepFailedException>());
        Assert.That(async () => await Driver(new TalkingShell(l => IsStatus(l) ? answer : Made)).ApplyAsync(LinkDirection.Both, new LinkChange { Drop = true }, CancellationToken.None), Throws.TypeOf<StepFailedException>());
    }

    [TestCaseSource(nameof(Garbage))]
    public async Task Act_AnswerIsNone_FailsTheStepAndCallsItOff(string answer)
    {
        var shell = new TalkingShell(l => IsStatus(l) ? answer : Planned);
        await using (var prepared = await Driver(shell).PrepareAsync(LinkDirection.Both, new LinkChange { Drop = true }, 0, CancellationToken.None))
        {
            Assert.That(prepared.ActAsync, Throws.TypeOf<StepFailedException>());
        }

        Assert.That(shell.Lines[^1], Does.Contain("call-off: 1"));
    }

    /// <summary>A queue that nobody asked for follows the delay: with one that was called off it would be told, for it is no longer what it was.</summary>
    [Test]
    public async Task Prepare_CalledOff_TheNextOneGoesOnFromWhatIsThere()
    {
        var shell = new TalkingShell(l => IsStatus(l) ? Running : Planned);
        var driver = Driver(shell);
        await (await driver.PrepareAsync(LinkDirection.Up, new LinkChange { Delay = TimeSpan.FromSeconds(3) }, 0, CancellationToken.None)).DisposeAsync();
        await using var next = await driver.PrepareAsync(LinkDirection.Up, new LinkChange { Drop = true }, 0, CancellationToken.None);
        await next.ActAsync();

        var applied = await next.FinishAsync(CancellationToken.None);

        Assert.That((applied.Up!.Delay, applied.Up.Drop, applied.Down!.Drop), Is.EqualTo((TimeSpan.Zero, true, false)));
    }

    /// <summary>What makes the queue of one way grow and not the other's is two lines.</summary>
    [Test]
    public void Prepare_SecondLineIsRefused_CallsTheFirstOff()
    {
        var shell = new TalkingShell(l => l.Contains("down", StringComparison.Ordinal) ? """{"line":1,"errors":["no"]}""" : Planned);
        var driver = Driver(shell, down: LinkChange.Good with { Delay = TimeSpan.FromMilliseconds(50) });

        Assert.That(
            async () => await driver.PrepareAsync(LinkDirection.Both, new LinkChange { Jitter = TimeSpan.FromMilliseconds(80) }, 0, CancellationToken.None),
            Throws.TypeOf<StepFailedException>().With.Message.Contains("no"));

        Assert.That(shell.Lines.TakeLast(3), Is.EqualTo(new[] { shell.Lines[2], shell.Lines[3], "{ call-off: 1 }" }));
    }

    /// <summary>Signs that are in names stand between them too, but one.</summary>
    [Test]
    public async Task Snapshot_NamesThatReadAlike_AreOtherEmulators()
    {
        var shell = new TalkingShell(_ => "");
        foreach (var (lan, wan) in new[] { ("a-b", "c"), ("a", "b-c"), ("a", "b_2dc") })
        {
            await Driver(shell, lan: lan, wan: wan).SnapshotAsync(CancellationToken.None);
        }

        var looks = shell.Commands.Where(c => c.Arguments.Count > 5 && c.Arguments[4].Contains("/wan-", StringComparison.Ordinal)).ToList();
        Assert.That(looks.Select(c => c.Arguments[4]).Distinct().Count(), Is.EqualTo(3));
        Assert.That(looks.Select(c => c.Arguments[5]).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task Snapshot_Undo_CarriesWhatWasFound()
    {
        var snapshot = await Driver(new TalkingShell(_ => "")).SnapshotAsync(CancellationToken.None);

        Assert.That(snapshot.Checks[0].Expected, Is.EqualTo("free\na up rx tx\nb down unknown"));
        Assert.That(snapshot.Undo[0].Arguments.TakeLast(2), Is.EqualTo(new[] { "a up rx tx", "b down unknown" }));
        Assert.That(snapshot.Words, Does.Contain("no ethtool"));
    }

    private static bool IsStatus(string line) => line.Contains("status", StringComparison.Ordinal);

    private static EmulatorDriver Driver(IShell shell, LinkChange? down = null, string lan = "a", string wan = "b") => new(
        new LinkPlan { Name = "one", Path = "one", Driver = LinkDriver.Emulator, Host = "h", Lan = lan, Wan = wan, Profile = LinkChange.Good, ProfileDown = down }, shell, 1, TimeProvider.System);

    /// <summary>A host that answers lines as the test says.</summary>
    private sealed class TalkingShell(Func<string, string> answer) : IShell
    {
        public string Host => "h";

        public IReadOnlyList<string> OwnProgram => ["failoverlab"];

        public List<ShellCommand> Commands { get; } = [];

        public List<string> Lines { get; } = [];

        public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
        {
            Commands.Add(command);
            var script = command.Arguments.Count > 2 ? command.Arguments[2] : "";
            if (script.Contains("wan tell", StringComparison.Ordinal))
            {
                var line = command.Arguments[5];

                // The profile is told first, and is not what is asked here.
                Lines.Add(line);
                return Of(Lines.Count <= 2 ? Made : answer(line));
            }

            return Of(script.Contains("echo free", StringComparison.Ordinal) ? "free\na up rx tx\nb down unknown\n" : "");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static Task<ShellResult> Of(string output) => Task.FromResult(new ShellResult(0, output, "", false));
    }
}
