using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>
/// Real runners change real interfaces, rates and filters in network namespaces, and something goes wrong at a random instant. Whatever it is: the
/// host is as it was found, by itself, or what is left is named and <c>recover</c> does it.
/// </summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable]
public sealed class CrashMatrixTests
{
    private const int Hosts = 6;
    private const int Instants = 20;

    private readonly ConcurrentBag<NamespaceHost> _free = [];
    private readonly ConcurrentBag<NamespaceHost> _all = [];
    private readonly ConcurrentBag<double> _seconds = [];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failoverlab-crash-");

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    [OneTimeSetUp]
    public async Task MakeHosts()
    {
        if (NamespaceHost.WhyNot() is { } reason)
        {
            Assert.Ignore(reason);
        }

        for (var n = 0; n < Hosts; n++)
        {
            var host = await NamespaceHost.MakeAsync(n);
            _all.Add(host);
            _free.Add(host);
        }
    }

    [OneTimeTearDown]
    public async Task RemoveHosts()
    {
        foreach (var host in _all)
        {
            await host.RemoveAsync();
        }

        _directory.Delete(recursive: true);
    }

    [Test]
    public Task Runner_KilledAtAnyInstant_HostIsBack() => EachInstantAsync("kill", KillAsync);

    [Test]
    public Task Runner_FrozenPastItsLease_HostIsBackAndStaysSo() => EachInstantAsync("stop", FreezeAsync);

    [Test]
    public Task Channel_CutAtAnyInstant_HostIsBack() => EachInstantAsync("cut", CutAsync);

    [Test]
    public Task Guard_KilledAtAnyInstant_IsStartedAgainAndHostIsBack() => EachInstantAsync("guard", KillGuardAsync);

    [Test]
    public Task GuardAndRunner_KilledTogether_RecoverPutsBack() => EachInstantAsync("both", KillBothAsync);

    [Test]
    public Task Undo_FailingTwice_IsTriedAgainUntilHostIsBack() => EachInstantAsync("undo", FailingUndoAsync);

    [Test]
    public Task Disk_FullAtAnyInstant_HostIsBack() => EachInstantAsync("disk", FillDiskAsync);

    [Test]
    public Task Runners_TwoAtOnce_TheSecondWaitsForTheFirstToBePutBack() => EachInstantAsync("two", TwoRunnersAsync);

    [Test]
    [Explicit("a soak: 100 instants of each fault")]
    public async Task Matrix_HundredInstantsEach_EveryHostIsBackInTime()
    {
        foreach (var (name, play) in (ReadOnlySpan<(string, Func<Case, Task>)>)
            [("kill", KillAsync), ("stop", FreezeAsync), ("cut", CutAsync), ("guard", KillGuardAsync), ("both", KillBothAsync), ("undo", FailingUndoAsync), ("disk", FillDiskAsync), ("two", TwoRunnersAsync)])
        {
            EachInstantAsync(name, play, 100).GetAwaiter().GetResult();
        }

        Assert.That(_seconds.Max(), Is.LessThanOrEqualTo(Lease.TotalSeconds + 1));
        await Task.CompletedTask;
    }

    private async Task KillAsync(Case c)
    {
        using var victim = VictimProcess.Start(c.Order(isTied: c.Random.Next(2) == 0));
        if (c.Random.Next(8) > 0)
        {
            await victim.ArmedAsync();
        }

        await c.SomeInstantAsync();
        victim.Kill();
        await BackByItselfAsync(c);
    }

    private async Task FreezeAsync(Case c)
    {
        using var victim = VictimProcess.Start(c.Order(isTied: true));
        await victim.ArmedAsync();
        await c.SomeInstantAsync();
        victim.Freeze();
        await BackByItselfAsync(c);
        victim.Thaw();
        Assert.That(await victim.EndAsync(), Is.Zero, victim.Said);
    }

    private async Task CutAsync(Case c)
    {
        await using var shell = c.Host.Shell();
        var cut = new CutShell(shell);
        await using var lab = await c.BeginAsync();
        var guard = await lab.ArmAsync(cut, c.Order(isTied: false).Options, CancellationToken.None);
        var changing = Victim.ChangeUntilAsync(new TaskCompletionSource().Task, c.Order(false), guard);
        await c.SomeInstantAsync();
        cut.Cut(isAnswerLost: c.Random.Next(2) == 0);
        await Assert.ThatAsync(() => changing, Throws.TypeOf<StepHostException>());
        var outcome = await lab.RestoreAsync();
        Assert.That(outcome.IsRestored, Is.False, "without a channel nothing can be proved");
        await lab.DisposeAsync();
        await BackByItselfAsync(c);
    }

    private async Task KillGuardAsync(Case c)
    {
        using var victim = VictimProcess.Start(c.Order(isTied: true));
        await victim.ArmedAsync();
        await c.SomeInstantAsync();
        c.KillGuard();
        await c.SomeInstantAsync();
        c.KillGuard();
        await c.SomeInstantAsync();
        Assert.That(await victim.EndAsync(), Is.Zero, victim.Said);
    }

    private static async Task KillBothAsync(Case c)
    {
        using var victim = VictimProcess.Start(c.Order(isTied: false));
        await victim.ArmedAsync();
        await c.SomeInstantAsync();
        victim.Kill();
        c.KillGuard();
    }

    private async Task FailingUndoAsync(Case c)
    {
        using var victim = VictimProcess.Start(c.Order(isTied: true, failingUndos: 2));
        await victim.ArmedAsync();
        await c.SomeInstantAsync();
        if (c.Random.Next(2) == 0)
        {
            Assert.That(await victim.EndAsync(), Is.Zero, victim.Said);
        }
        else
        {
            victim.Kill();
            await BackByItselfAsync(c);
        }
    }

    private static async Task FillDiskAsync(Case c)
    {
        // Even cases fill the runner's disk, odd ones the host's.
        var small = Directory.CreateDirectory(Path.Combine(c.Directory, "small")).FullName;
        var isRunners = c.Random.Next(2) == 0;
        var order = c.Order(isTied: true) with { Directory = isRunners ? small : c.Directory, Root = isRunners ? c.Root : Path.Combine(small, "guard") };
        using var victim = VictimProcess.Start(
            order, "unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=256k tmpfs \"$1\" && shift && exec \"$@\"", "sh", small);
        await victim.ArmedAsync();
        await c.SomeInstantAsync();
        await Case.FillAsync($"/proc/{victim.Pid}/root{small}/filler");
        await c.SomeInstantAsync();
        Assert.That(await victim.EndAsync(), Is.Zero, victim.Said);
    }

    private async Task TwoRunnersAsync(Case c)
    {
        using var victim = VictimProcess.Start(c.Order(isTied: true) with { Lease = 10 * Lease });
        await victim.ArmedAsync();
        await using var lab = await c.BeginAsync("second");
        await using var shell = c.Host.Shell();
        var options = c.Order(isTied: false).Options;
        Assert.That(Refusal(lab, shell, options) ?? "", Does.Contain("busy: run first of victim@here"));
        await c.SomeInstantAsync();
        victim.Kill();
        await Eventually.TrueAsync(() => Refusal(lab, shell, options) is null, "a dead run's host is given to the next");
        Assert.That(await c.Host.StateAsync(), Is.EqualTo(c.Before), "what the first had left is put back before the second begins");
        Assert.That((await lab.RestoreAsync()).IsRestored, Is.True);
    }

    /// <summary>Why the host cannot be taken, or nothing once it is.</summary>
    private static string? Refusal(LabRestoration lab, IShell shell, GuardOptions options)
    {
        try
        {
            lab.ArmAsync(shell, options, CancellationToken.None).GetAwaiter().GetResult();
            return null;
        }
        catch (StepHostException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>Waits until the host has put itself back, without any recovery.</summary>
    private async Task BackByItselfAsync(Case c)
    {
        var since = Stopwatch.StartNew();
        var now = await c.Host.StateAsync();
        while (now != c.Before && since.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(80);
            now = await c.Host.StateAsync();
        }

        _seconds.Add(since.Elapsed.TotalSeconds);
        Assert.That(now, Is.EqualTo(c.Before), $"seed {c.Seed}");
    }

    private async Task EachInstantAsync(string fault, Func<Case, Task> play, int instants = Instants)
    {
        var failures = new ConcurrentBag<string>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(1, instants), new ParallelOptions { MaxDegreeOfParallelism = Hosts }, async (n, _) =>
        {
            NamespaceHost? host;
            while (!_free.TryTake(out host))
            {
                await Task.Delay(10, CancellationToken.None);
            }

            var directory = _directory.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{fault}-{n}")).FullName;
            var c = new Case(host, directory, (ulong)n, await host.StateAsync(), Lease);
            try
            {
                await play(c);
                await RecoverAsync(c);
                _free.Add(host);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failures.Add($"{fault}, seed {n}: {failure.Message}\n{failure.StackTrace}");
                _free.Add(await NamespaceHost.MakeAsync(100 + (10 * n) + fault.Length));
            }
        });
        TestContext.Out.WriteLine($"{fault}: {instants} instants, {failures.Count} failures, {clock.Elapsed.TotalSeconds:F1} s; back by itself after at most {_seconds.DefaultIfEmpty().Max():F2} s so far");
        Assert.That(failures, Is.Empty);
    }

    /// <summary>After anything: recovery finds what is left, undoes it, proves it, and leaves nothing behind.</summary>
    private static async Task RecoverAsync(Case c)
    {
        foreach (var state in c.States.Where(s => Directory.Exists(s.Path)))
        {
            var report = await new LabRecovery(state, new ReachedShells([], Linux.SystemClock.Shared, TimeProvider.System), [], TimeProvider.System).RunAsync(CancellationToken.None);
            Assert.That(report.Restored, Is.True, string.Join('\n', report.Faults.Concat(report.Hosts.SelectMany(h => h.Left))));
            Assert.That(state.Journals(), Is.Empty);
        }

        Assert.That(await c.Host.StateAsync(), Is.EqualTo(c.Before));
        Assert.That(Directory.Exists($"{c.Root}/runs") ? Directory.GetDirectories($"{c.Root}/runs") : [], Is.Empty, "no guard is left on the host");
    }
}
