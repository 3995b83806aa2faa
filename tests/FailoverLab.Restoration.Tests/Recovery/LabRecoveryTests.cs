using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LabRecoveryTests : IAsyncDisposable
{
    private readonly FileHost _host = new();
    private readonly LocalShell _shell = new("h");

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        _host.Dispose();
    }

    [SetUp]
    public void SetState() => _host["a"] = "old a";

    [Test]
    public async Task RunAsync_NoJournal_HasNothingToDo()
    {
        var report = await _host.Recovery().RunAsync(CancellationToken.None);

        Assert.That(report.Restored, Is.True);
        Assert.That(RecoveryText.Lines(report, isList: false), Is.EqualTo((string[])["no run left anything"]));
    }

    [Test]
    public async Task RunAsync_HostWasRestarted_UndoesFromTheJournal()
    {
        await LeaveAsync();
        Directory.Delete(_host.Root, recursive: true);

        var report = await _host.Recovery().RunAsync(CancellationToken.None);

        Assert.That(report.Restored, Is.True, string.Join('\n', RecoveryText.Lines(report, isList: false)));
        Assert.That(_host["a"], Is.EqualTo("old a"));
        Assert.That(_host.State.Journals(), Is.Empty);
        Assert.That(report.Hosts.Single().Found, Does.Contain("restarted"));
    }

    [Test]
    public async Task RunAsync_RestartedAndChangedByAHuman_LeavesThatAlone()
    {
        await LeaveAsync();
        Directory.Delete(_host.Root, recursive: true);
        _host["a"] = "a human's";

        var report = await _host.Recovery().RunAsync(CancellationToken.None);

        Assert.That(_host["a"], Is.EqualTo("a human's"));
        Assert.That(report.Restored, Is.False);
        Assert.That(report.Hosts.Single().Changes.Single().Outcome, Is.EqualTo(UndoOutcome.Foreign));
        Assert.That(report.Hosts.Single().Changes.Single().Difference, Is.EqualTo((string[])["- old a", "+ a human's"]));
    }

    [Test]
    public async Task RunAsync_Twice_UndoesOnce()
    {
        await LeaveAsync();

        await _host.Recovery().RunAsync(CancellationToken.None);
        var again = await _host.Recovery().RunAsync(CancellationToken.None);

        Assert.That(_host.Undos(), Has.Count.EqualTo(1));
        Assert.That(again.Restored, Is.True);
    }

    [Test]
    public async Task List_ARunLeftSomething_ShowsItAndTouchesNothing()
    {
        await LeaveAsync();
        var before = _host["a"];

        var report = _host.Recovery().List();

        Assert.That(report.Restored, Is.False);
        Assert.That(_host["a"], Is.EqualTo(before));
        Assert.That(RecoveryText.Lines(report, isList: true), Has.Some.Contains("shell a: not undone yet").And.Some.Contains("call `recover`"));
    }

    [Test]
    public async Task RunAsync_RunIsAtWork_LeavesItsJournalAlone()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        await _host.ChangeAsync(guard, "a", "new a");

        var report = await _host.Recovery().RunAsync(CancellationToken.None);

        Assert.That(report.Restored, Is.False);
        Assert.That(report.Faults, Has.Some.Contains("in use"));
        Assert.That(_host["a"], Is.EqualTo("new a"));
        Assert.That((await lab.RestoreAsync()).IsRestored, Is.True);
    }

    [Test]
    public async Task RunAsync_DyingRunStillHoldsItsJournal_WaitsForItsEnd()
    {
        await LeaveAsync();
        var held = new FileStream(_host.State.Journals().Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var recovery = _host.Recovery().RunAsync(CancellationToken.None);
        Assert.That(recovery.IsCompleted, Is.False);
        await held.DisposeAsync();

        Assert.That((await recovery).Faults, Is.Empty);
        Assert.That(_host.State.Journals(), Is.Empty);
    }

    [Test]
    public async Task RunAsync_JournalLostARecord_SaysSoAndKeepsIt()
    {
        await LeaveAsync();
        var path = _host.State.Journals().Single();
        var lines = File.ReadAllLines(path).ToList();
        lines.RemoveAt(1);
        File.WriteAllLines(path, lines);

        var report = await _host.Recovery().RunAsync(CancellationToken.None);

        Assert.That(report.Restored, Is.False);
        Assert.That(report.Faults, Has.Some.Contains("lost"));
        Assert.That(_host.State.Journals(), Has.Count.EqualTo(1));
    }

    [TestCase("true", true)]
    [TestCase("false", false)]
    public async Task RunAsync_ChangeWithoutGuard_IsUndoneByItsCommandsHereAndProved(string undo, bool isRestored)
    {
        using (var journal = _host.Begin())
        {
            var lab = new LabRestoration(journal, TimeProvider.System);
            lab.Done(lab.Intend(_host.Intent("a") with { Kind = "pve", Undo = undo == "true" ? _host.Intent("a").Undo : [new ShellCommand("false")] }), "link_down=1");
            _host["a"] = "link_down=1";
        }

        var report = await _host.Recovery(new CommandUndoer(_shell)).RunAsync(CancellationToken.None);

        Assert.That(report.Restored, Is.EqualTo(isRestored), string.Join('\n', RecoveryText.Lines(report, isList: false)));
        Assert.That(_host["a"], Is.EqualTo(isRestored ? "old a" : "link_down=1"));
    }

    [Test]
    public async Task RunAsync_ChangeOfAManagementInterface_IsUndoneByItsOwn()
    {
        var api = new FakeApi();
        using (var journal = _host.Begin())
        {
            var lab = new LabRestoration(journal, TimeProvider.System);
            lab.Done(lab.Intend(FakeApi.Change), "link_down=1");
        }

        var alone = await _host.Recovery().RunAsync(CancellationToken.None);
        var report = await _host.Recovery(api).RunAsync(CancellationToken.None);

        Assert.That(alone.Restored, Is.False);
        Assert.That(report.Restored, Is.True, string.Join('\n', RecoveryText.Lines(report, isList: false)));
        Assert.That(api.Undone, Is.EqualTo((string[])["virtio=AA,link_down=0"]));
    }

    /// <summary>A run that changes the file and dies: nothing on the host works for it any more.</summary>
    private async Task LeaveAsync()
    {
        using var journal = _host.Begin();
        var silent = new SilentShell(_shell);
        await using var lab = new LabRestoration(journal, TimeProvider.System);
        var guard = await lab.ArmAsync(silent, _host.Options(0.6), CancellationToken.None);
        await guard.ChangeAsync(_host.Intent("a"), () => guard.Fenced.RunAsync(_host.Write("a", "new a"), CancellationToken.None), CancellationToken.None);
        silent.IsSilent = true;
        KillGuard();
    }

    private void KillGuard()
    {
        var file = Path.Combine(_host.Root, "runs", "run-1", "guard.pid");
        Assert.That(() => File.Exists(file) && File.ReadAllText(file).Trim().Length > 0, Is.True.After(10_000, 10));
        Linux.ProcessControl.Kill(int.Parse(File.ReadAllText(file), System.Globalization.CultureInfo.InvariantCulture), Linux.ProcessControl.KillSignal);
    }

    private sealed class FakeApi : IUndoer
    {
        public static readonly ChangeIntent Change = new() { Host = "pve", Kind = "pve", Target = "starlink-1", Words = "net1 as before", Undo = [], Checks = [], State = "virtio=AA,link_down=0" };

        public List<string> Undone { get; } = [];

        public bool CanUndo(ChangeIntent intent) => intent.Kind == "pve";

        public Task<UndoResult> UndoAsync(ChangeState change, CancellationToken cancellationToken)
        {
            Undone.Add(change.Intent.State);
            return Task.FromResult(new UndoResult(UndoOutcome.Restored, change.Intent.State));
        }
    }
}
