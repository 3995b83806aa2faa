using System.Diagnostics;
using FailoverLab.Hosts;
using FailoverLab.Linux;

namespace FailoverLab.Restoration.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LabGuardTests : IAsyncDisposable
{
    private readonly FileHost _host = new();
    private readonly LocalShell _shell = new("h");

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        _host.Dispose();
    }

    [SetUp]
    public void SetState()
    {
        _host["a"] = "old a";
        _host["b"] = "old b";
    }

    [Test]
    public async Task RestoreAsync_TwoChanges_PutsBackNewestFirstAndLeavesNothing()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        await _host.ChangeAsync(guard, "a", "new a");
        await _host.ChangeAsync(guard, "b", "new b");
        await guard.ChangeAsync(_host.Intent("a", "old a"), () => guard.Fenced.RunAsync(_host.Write("a", "newer a"), CancellationToken.None), CancellationToken.None);

        var outcome = await lab.RestoreAsync();

        Assert.That(outcome.IsRestored, Is.True, string.Join('\n', outcome.Left));
        Assert.That((_host["a"], _host["b"]), Is.EqualTo(("old a", "old b")));
        Assert.That(_host.Undos(), Is.EqualTo((string[])["b", "a"]));
        Assert.That(_host.State.Journals(), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(_host.Root, "*", SearchOption.AllDirectories).Select(Path.GetFileName), Is.EquivalentTo((string[])["mutex", "runs"]));
    }

    [Test]
    public async Task RestoreAsync_SomebodyElseChangedIt_LeavesThatAloneAndSaysSo()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        await _host.ChangeAsync(guard, "a", "new a");
        await _host.ChangeAsync(guard, "b", "new b");
        _host["b"] = "a human's";

        var outcome = await lab.RestoreAsync();

        Assert.That(outcome.IsRestored, Is.False);
        Assert.That((_host["a"], _host["b"]), Is.EqualTo(("old a", "a human's")));
        Assert.That(outcome.Left, Has.Some.Contains("+ a human's").And.Some.Contains("- old b").And.Some.Contains("printf"));
        Assert.That(_host.State.Journals(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RestoreAsync_UndoFailsTwice_ComesBackAtTheThirdTry()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        var intent = _host.Intent("a") with
        {
            Undo = [new ShellCommand("sh", "-c", "echo x >>\"$1\"; [ $(wc -l <\"$1\") -lt 3 ] || echo 'old a' >\"$2\"", "sh", _host.FileOf("undos"), _host.FileOf("a"))],
        };
        await guard.ChangeAsync(intent, () => guard.Fenced.RunAsync(_host.Write("a", "new a"), CancellationToken.None), CancellationToken.None);

        var outcome = await lab.RestoreAsync();

        Assert.That(outcome.IsRestored, Is.True, string.Join('\n', outcome.Left));
        Assert.That(_host.Undos(), Has.Count.EqualTo(3));
    }

    /// <summary>A tool that cannot be started for a moment has seen nobody's change.</summary>
    [Test]
    public async Task RestoreAsync_StateCannotBeReadForAWhile_IsTriedAgainAndNotTakenForAnothers()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        const string Script = "if [ -e \"$2\" ]; then echo x >>\"$2\"; [ $(wc -l <\"$2\") -gt 4 ] || exit 1; fi; cat \"$1\"";
        var intent = _host.Intent("a") with { Checks = [new LinkCheck(new ShellCommand("sh", "-c", Script, "sh", _host.FileOf("a"), _host.FileOf("faults")), "old a")] };
        await guard.ChangeAsync(intent, () => guard.Fenced.RunAsync(_host.Write("a", "new a"), CancellationToken.None), CancellationToken.None);
        await File.WriteAllTextAsync(_host.FileOf("faults"), "");

        var outcome = await lab.RestoreAsync();

        Assert.That(outcome.IsRestored, Is.True, string.Join('\n', outcome.Left));
        Assert.That(_host["a"], Is.EqualTo("old a"));
    }

    [Test]
    public async Task RestoreAsync_UndoNeverWorks_StopsNothingElseAndNamesTheCommands()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        await _host.ChangeAsync(guard, "a", "new a");
        var hopeless = _host.Intent("b") with { Undo = [new ShellCommand("false", "it's")] };
        await guard.ChangeAsync(hopeless, () => guard.Fenced.RunAsync(_host.Write("b", "new b"), CancellationToken.None), CancellationToken.None);

        var outcome = await lab.RestoreAsync();

        Assert.That(_host["a"], Is.EqualTo("old a"));
        Assert.That(outcome.Left, Has.Some.EqualTo("    false 'it'\\''s'").And.Some.Contains("+ new b"));
    }

    [Test]
    public async Task ChangeAsync_LeaseOver_HostIsBackAndTheFenceRefuses()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var silent = new SilentShell(_shell);
        var guard = await lab.ArmAsync(silent, _host.Options(0.5), CancellationToken.None);
        await _host.ChangeAsync(guard, "a", "new a");
        silent.IsSilent = true;
        await Eventually.TrueAsync(() => _host["a"] == "old a", "the guard undoes what is not renewed");
        await Eventually.TrueAsync(() => File.ReadAllText(Path.Combine(_host.Root, "runs", "run-1", "state")).StartsWith("restored", StringComparison.Ordinal), "and says so");
        silent.IsSilent = false;

        await Assert.ThatAsync(() => guard.Fenced.RunAsync(_host.Write("a", "too late"), CancellationToken.None), Throws.TypeOf<StepHostException>());
        await Assert.ThatAsync(() => guard.IntendAsync(_host.Intent("b"), CancellationToken.None), Throws.TypeOf<StepHostException>());
        var outcome = await lab.RestoreAsync();

        Assert.That(_host["a"], Is.EqualTo("old a"));
        Assert.That(outcome.IsRestored, Is.True, string.Join('\n', outcome.Left));
        Assert.That(_host.Undos(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RestoreAsync_FencedCommandOutlivesItsCaller_WaitsForItAndUndoesIt()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        await guard.IntendAsync(_host.Intent("a"), CancellationToken.None);
        await _shell.RunAsync(new ShellCommand("mkfifo", _host.FileOf("gate")), CancellationToken.None);

        // The channel's end kills the group of the fence; what it runs sees its gate opened only afterwards.
        ShellCommand slow = new("sh", "-c", "echo >\"$1/began\"; read -r go <\"$1/gate\"; echo 'new a' >\"$1/a\"; echo >\"$1/ended\"", "sh", _host.Path);
        var fence = new GuardScript(_host.Root, "run-1").Fence(slow);
        using var caller = Process.Start("setsid", fence.Arguments);
        await Eventually.TrueAsync(() => File.Exists(_host.FileOf("began")), "the command begins");
        ProcessControl.Kill(-caller.Id, ProcessControl.KillSignal);
        await caller.WaitForExitAsync();
        var restoring = lab.RestoreAsync();
        await Task.WhenAny(restoring, Task.Delay(500));
        await File.WriteAllTextAsync(_host.FileOf("gate"), "go\n");
        await Eventually.TrueAsync(() => File.Exists(_host.FileOf("ended")), "the command ends");

        Assert.That((await restoring).IsRestored, Is.True);
        Assert.That(_host["a"], Is.EqualTo("old a"), "no change after the restoration");
    }

    [Test]
    public async Task IntendAsync_StateIsNotTheSnapshots_IsNotTouched()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);

        await Assert.ThatAsync(() => guard.IntendAsync(_host.Intent("a", "another state"), CancellationToken.None), Throws.TypeOf<StepFailedException>().With.Message.Contains("old a"));
        Assert.That((await lab.RestoreAsync()).IsRestored, Is.True);
    }

    [Test]
    public async Task IntendAsync_SomebodyElseChangedItBetweenTwoChanges_IsRefused()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        await _host.ChangeAsync(guard, "a", "new a");
        _host["a"] = "a human's";

        await Assert.ThatAsync(() => guard.IntendAsync(_host.Intent("a", "old a"), CancellationToken.None), Throws.TypeOf<StepFailedException>().With.Message.Contains("a human's"));
    }

    [Test]
    public async Task ArmAsync_AnotherRunHoldsTheHost_NamesIt()
    {
        await using var first = new LabRestoration(_host.Begin(), TimeProvider.System);
        await first.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        await using var second = new LabRestoration(_host.Begin("run-2"), TimeProvider.System);

        await Assert.ThatAsync(
            () => second.ArmAsync(_shell, _host.Options(), CancellationToken.None),
            Throws.TypeOf<StepHostException>().With.Message.Contains("busy: run run-1 of somebody@here since 20"));
        Assert.That((await first.RestoreAsync()).IsRestored, Is.True);
        await second.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        Assert.That((await second.RestoreAsync()).IsRestored, Is.True);
    }

    [Test]
    public async Task ArmAsync_TwoRunsOfOneIdInOneSecond_TheSecondIsRefused()
    {
        await using var first = new LabRestoration(_host.Begin(RunName.Unique("first")), TimeProvider.System);
        await first.ArmAsync(_shell, _host.Options(), CancellationToken.None);
        await using var second = new LabRestoration(_host.Begin(RunName.Unique("first")), TimeProvider.System);

        await Assert.ThatAsync(() => second.ArmAsync(_shell, _host.Options(), CancellationToken.None), Throws.TypeOf<StepHostException>().With.Message.Contains("busy: run first-"));
        Assert.That((await second.RestoreAsync()).IsRestored, Is.True);
        Assert.That((await first.RestoreAsync()).IsRestored, Is.True, "the refused one has taken nothing away");
    }

    [Test]
    public async Task Renew_FencedCommandIsUnderWay_IsNotHeldUpByIt()
    {
        await _shell.RunAsync(new ShellCommand("mkfifo", _host.FileOf("gate")), CancellationToken.None);
        var watched = new WatchedShell(_shell, "renew");
        await using var lab = new LabRestoration(_host.Begin(), new QuickTime(20));
        var guard = await lab.ArmAsync(watched, _host.Options(), CancellationToken.None);

        // A command that ends only after the lease was renewed while it ran.
        ShellCommand slow = new("sh", "-c", "echo >\"$1/began\"; read -r go <\"$1/gate\"", "sh", _host.Path);
        var fenced = guard.Fenced.RunAsync(slow with { Timeout = TimeSpan.FromSeconds(40) }, CancellationToken.None);
        await Eventually.TrueAsync(() => File.Exists(_host.FileOf("began")), "the command begins");
        var before = watched.Succeeded;
        await Eventually.TrueAsync(() => watched.Succeeded > before + 1, "the lease is renewed meanwhile");
        await File.WriteAllTextAsync(_host.FileOf("gate"), "go\n");

        Assert.That((await fenced).IsSuccess, Is.True);
        Assert.That(guard.IsLost, Is.False);
        Assert.That((await lab.RestoreAsync()).IsRestored, Is.True);
    }

    [Test]
    public async Task ArmAsync_TheOtherRunIsDead_PutsItsChangesBackFirst()
    {
        await using var first = new LabRestoration(_host.Begin(), TimeProvider.System);
        var silent = new SilentShell(_shell);
        var dead = await first.ArmAsync(silent, _host.Options(0.3), CancellationToken.None);
        await _host.ChangeAsync(dead, "a", "new a");
        KillGuard("run-1");
        silent.IsSilent = true;
        await using var second = new LabRestoration(_host.Begin("run-2"), TimeProvider.System);
        var taken = await ArmWhenFreeAsync(second);

        Assert.That(_host["a"], Is.EqualTo("old a"));
        Assert.That(taken.Host, Is.EqualTo("h"));
        Assert.That((await second.RestoreAsync()).IsRestored, Is.True);
    }

    [Test]
    public async Task Renew_GuardKilled_IsStartedAgain()
    {
        await using var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        var guard = await lab.ArmAsync(_shell, _host.Options(1.5), CancellationToken.None);
        await _host.ChangeAsync(guard, "a", "new a");

        KillGuard("run-1");

        await Eventually.TrueAsync(() => guard.Restarts > 0, "the next renewal sees it");
        Assert.That((await lab.RestoreAsync()).IsRestored, Is.True);
    }

    private async Task<LabGuard> ArmWhenFreeAsync(LabRestoration lab)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
            }
            catch (StepHostException busy) when (busy.Message.Contains("busy", StringComparison.Ordinal) && tries < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    private void KillGuard(string run)
    {
        var file = Path.Combine(_host.Root, "runs", run, "guard.pid");
        Assert.That(() => File.Exists(file) && File.ReadAllText(file).Trim().Length > 0, Is.True.After(10_000, 10));
        Linux.ProcessControl.Kill(int.Parse(File.ReadAllText(file), System.Globalization.CultureInfo.InvariantCulture), Linux.ProcessControl.KillSignal);
    }
}
