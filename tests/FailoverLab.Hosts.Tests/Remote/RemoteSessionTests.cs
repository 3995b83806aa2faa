using System.Text;

namespace FailoverLab.Hosts.Tests;

[TestFixtureSource(typeof(FarShell), nameof(FarShell.All))]
public sealed class RemoteSessionTests(string shell)
{
    private static readonly Dictionary<string, string> None = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("without-perl-");
    private RemoteSession _session = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "perl"), "/bin/false");
        _session = await FarShell.OpenAsync(shell);
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        _folder.Delete(recursive: true);
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }
    }

    [Test]
    public async Task RunAsync_ArgumentsThatAShellWouldTakeApart_ArriveAsTheyAre()
    {
        string[] hostile =
        [
            "-n", "$(id)", "`id`", "; reboot", "a'b\"c", "two\nlines", "trailing\n\n", "*", "\\0134\\n%s", "", " blanks  ", "\t", "ü€\u202e", "#END", "Q", "~", "${IFS}", "\u0001\u007f",
        ];

        var result = await _session.RunAsync(new ShellCommand(["printf", "<%s>", .. hostile]), CancellationToken.None);

        Assert.That(result, Is.EqualTo(new ShellResult(0, string.Concat(hostile.Select(h => $"<{h}>")), "", TimedOut: false)));
    }

    [Test]
    public async Task RunAsync_InputWithEveryByteAndEnvironment_ReachTheProgram()
    {
        var input = Enumerable.Range(0, 2500).Select(i => (byte)i).ToArray();
        var command = new ShellCommand("sh", "-c", "od -An -v -tx1 | tr -d ' \\n'; echo \"$LAB\" >&2; exit 3") { Input = input, Environment = new Dictionary<string, string> { ["LAB"] = "x 'y'\n$z" } };

        var result = await _session.RunAsync(command, CancellationToken.None);

        Assert.That(result, Is.EqualTo(new ShellResult(3, Convert.ToHexStringLower(input), "x 'y'\n$z\n", TimedOut: false)));
    }

    [Test]
    public async Task RunAsync_SeveralAtOnce_EachGetsItsOwn()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => _session.RunAsync(new ShellCommand("sh", "-c", $"echo out {i}; echo err {i} >&2; exit {i}"), CancellationToken.None)));

        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 12).Select(i => new ShellResult(i, $"out {i}\n", $"err {i}\n", TimedOut: false))));
    }

    [Test]
    public async Task RunAsync_LongerThanItsTimeout_IsKilledWithItsChildren()
    {
        var result = await _session.RunAsync(new ShellCommand("sh", "-c", "sleep 671 & echo $!; wait") { Timeout = TimeSpan.FromMilliseconds(200) }, CancellationToken.None);

        Assert.That((result.TimedOut, result.IsSuccess), Is.EqualTo((true, false)));
        Assert.That(IsRunning(result.Output.Trim()), Is.False);
    }

    [Test]
    public async Task RunAsync_Cancelled_IsKilled()
    {
        using var cancellation = new CancellationTokenSource();
        var running = _session.RunAsync(new ShellCommand("sleep", "672"), cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => running);
    }

    [Test]
    public async Task RunAsync_OwnMarkersGarbageAndMoreThanIsKept_DoNotBreakTheProtocol()
    {
        const string Script = "i=0; while [ $i -lt 3 ]; do echo 'FL000000000000 Z 1'; echo \"$N X 1 0 0\"; i=$((i+1)); done; head -c 1500000 /dev/urandom; printf 'no end'";

        var result = await _session.RunAsync(new ShellCommand("sh", "-c", Script), CancellationToken.None);

        Assert.That(result.Status, Is.Zero);
        Assert.That(result.Output, Does.StartWith("FL000000000000 Z 1\n"));
        Assert.That((await _session.RunAsync(new ShellCommand("echo", "still here"), CancellationToken.None)).Output, Is.EqualTo("still here\n"));
    }

    [Test]
    public async Task RunAsync_ProgramThatIsNotThere_IsStatus127()
    {
        var result = await _session.RunAsync(new ShellCommand("/nonexistent/tc"), CancellationToken.None);

        Assert.That(result.Status, Is.EqualTo(127));
    }

    [Test]
    public async Task RunAsync_ProgramLeavesAChildThatHoldsItsStreams_EndsAllTheSame()
    {
        var result = await _session.RunAsync(new ShellCommand("sh", "-c", "sleep 673 & echo $!"), CancellationToken.None);

        Assert.That(result.Status, Is.Zero);
        Assert.That(IsRunning(result.Output.Trim()), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task FireAsync_HeldJobs_AreReleasedInOrderAndNotBefore(bool hasPerl)
    {
        await using var session = await FarShell.OpenAsync(shell, hasPerl ? null : WithoutPerl());
        var early = await session.StartAsync(RemoteKind.HeldScript, ["echo $((20 + 3)) \"$#\""], None, default, CancellationToken.None);
        var late = await session.StartAsync(RemoteKind.Held, ["echo", "$HOME"], None, default, CancellationToken.None);
        await session.ScheduleAsync(early, 0, CancellationToken.None);
        await session.ScheduleAsync(late, 150_000_000, CancellationToken.None);
        var clock = await session.ExchangeAsync(CancellationToken.None);
        var start = clock.AnsweredNs + 600_000_000;
        await session.FireAsync(start);

        var (first, second) = (await early.Released, await late.Released);
        Assert.That(first.LowNs, Is.GreaterThanOrEqualTo(start - 20_000_000), "its own step of time at most before");
        Assert.That(second.LowNs, Is.GreaterThan(first.LowNs));
        Assert.That(Encoding.UTF8.GetString((await session.CollectAsync(early)).Output), Is.EqualTo("23 0\n"));
        Assert.That(Encoding.UTF8.GetString((await session.CollectAsync(late)).Output), Is.EqualTo("$HOME\n"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ReleaseAtAsync_Done_LeavesNothingOfItsLane(bool hasPerl)
    {
        await using var session = await FarShell.OpenAsync(shell, hasPerl ? null : WithoutPerl());
        var job = await session.StartAsync(RemoteKind.Gated, ["head", "-n", "1"], None, default, CancellationToken.None);
        var never = await session.StartAsync(RemoteKind.Gated, ["head", "-n", "1"], None, default, CancellationToken.None);
        await session.ReleaseAtAsync(job, (await session.ExchangeAsync(CancellationToken.None)).AnsweredNs, CancellationToken.None);
        await session.ReleaseAtAsync(never, (await session.ExchangeAsync(CancellationToken.None)).AnsweredNs + 3_600_000_000_000, CancellationToken.None);
        await job.Released;
        Assert.That(Encoding.UTF8.GetString((await session.CollectAsync(job)).Output), Is.EqualTo("go\n"));
        await session.KillAsync(never, "KILL");
        await session.CollectAsync(never);

        // The lane of the one ends a moment after it has told of its release.
        var left = await session.RunAsync(
            new ShellCommand("sh", "-c", "i=0; while ls \"$FAILOVERLAB_DIR\" | grep '^w' && [ $i -lt 200 ]; do i=$((i + 1)); sleep 0.05; done >/dev/null; ls \"$FAILOVERLAB_DIR\" | grep '^w'"), CancellationToken.None);

        Assert.That(left.Output, Is.Empty);
    }

    [Test]
    public async Task ExchangeAsync_OfThisMachine_AllowsNoOffset()
    {
        var estimate = await ClockProbe.MeasureAsync(_session, TimeProvider.System, CancellationToken.None, exchanges: 16);

        Assert.That((estimate.LowNs <= 0, estimate.HighNs >= 0), Is.EqualTo((true, true)), $"{estimate}");
    }

    [Test]
    public async Task DisposeAsync_JobsRunning_EndsThemAndLeavesNothing()
    {
        var session = await FarShell.OpenAsync(shell);
        var job = await session.StartAsync(RemoteKind.Now, ["sh", "-c", "trap '' TERM; sleep 674 & wait; wait"], None, default, CancellationToken.None);
        var directory = (await session.RunAsync(new ShellCommand("sh", "-c", "cd \"$(dirname \"$(readlink /proc/$$/fd/1)\")\" && pwd"), CancellationToken.None)).Output.Trim();
        var pid = await job.Armed;

        await session.DisposeAsync();

        Assert.That(directory, Does.Contain("failoverlab."));
        Assert.That((IsRunning($"{pid}"), Directory.Exists(directory)), Is.EqualTo((false, false)));
    }

    /// <summary>A path on which perl is found first where it does nothing but fail.</summary>
    private Dictionary<string, string> WithoutPerl() => new() { ["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}" };

    private static bool IsRunning(string pid) =>
        Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
}
