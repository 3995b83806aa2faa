using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FailoverLab.Hosts;
using FailoverLab.Linux;

namespace FailoverLab.Restoration.Tests;

/// <summary>The crash matrix over real SSH connections: what happens to the way between the runner and the host.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable]
public sealed class SshCrashTests
{
    private const int Hosts = 10;
    private const int Instants = 20;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<NamespaceHost> _free = [];
    private readonly ConcurrentBag<NamespaceHost> _all = [];
    private readonly ConcurrentBag<double> _seconds = [];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failoverlab-ssh-crash-");
    private ManagementNetwork? _network;

    [OneTimeSetUp]
    public async Task MakeHosts()
    {
        if (ManagementNetwork.WhyNot() is { } reason)
        {
            Assert.Ignore(reason);
        }

        _network = new ManagementNetwork(_directory.FullName);
        await _network.MakeAsync();
        for (var n = 0; n < Hosts; n++)
        {
            var host = await NamespaceHost.MakeAsync(50 + n);
            await _network.JoinAsync(host);
            _all.Add(host);
            _free.Enqueue(host);
        }
    }

    [OneTimeTearDown]
    public async Task RemoveHosts()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        foreach (var host in _all)
        {
            await host.RemoveAsync();
        }

        _directory.Delete(recursive: true);
    }

    [Test]
    public Task Channel_DroppedWithoutFin_HostIsBack() => EachInstantAsync("drop", Instants, c => _network!.DropAsync(c.Host), c => _network!.JoinAgainAsync(c.Host));

    [Test]
    public Task Sshd_Restarted_HostIsBack() => EachInstantAsync("sshd", Instants, c => _network!.RestartServerAsync(c.Host), _ => Task.CompletedTask);

    [Test]
    public async Task Act_OverSsh_ComesAfterJournalAndUndoAndIsStampedByItsHost()
    {
        Assert.That(_free.TryDequeue(out var host), Is.True);
        var c = new Case(host!, _directory.CreateSubdirectory("act").FullName, 1, await host!.StateAsync(), TimeSpan.FromSeconds(20));
        await using var shell = await _network!.ConnectAsync(host);
        await using var lab = await c.BeginAsync();
        var guard = await lab.ArmAsync(shell, c.Order(isTied: true).Options with { Reach = new HostReach("ssh", [], c.Root) }, CancellationToken.None);
        var (intent, act) = NamespaceHost.Change(host.Name, 3, 1);
        var seen = Path.Combine(c.Directory, "seen");

        // What is done at the instant looks around first: is it announced, on this machine's disk, and does its undo lie ready?
        var batch = new ActBatch("sh", "-e", $"""
            grep -c '"intent"' '{c.Directory}/run/restoration.ndjson' >'{seen}'
            wc -c <'{c.Root}/runs/first/00001/undo.sh' >>'{seen}'
            date +%s%N >>'{seen}'
            nft '{act.Arguments[1]}'
            """);
        var atNs = SystemClock.Shared.RealtimeNs + 1_000_000_000;
        await using var prepared = await guard.PrepareAsync(
            intent, async () => new BatchLink(await ((IPreparingShell)guard.Fenced).PrepareAsync([batch], new Dictionary<string, string>(), atNs, CancellationToken.None)), CancellationToken.None);
        var between = File.Exists(seen) ? "" : await host.StateAsync();
        var at = (await prepared.ActAsync())!;
        var lines = await File.ReadAllLinesAsync(seen);
        var stampedNs = long.Parse(lines[2], CultureInfo.InvariantCulture);

        Assert.That(between, Is.EqualTo(c.Before).Or.Empty, "nothing is touched before the instant");
        Assert.That((lines[0], int.Parse(lines[1], CultureInfo.InvariantCulture) > 20), Is.EqualTo(("1", true)), "announced, and laid ready to be undone");
        Assert.That((at.NotBeforeNs <= stampedNs, stampedNs <= at.AtNs), Is.EqualTo((true, true)), $"{at.NotBeforeNs} {stampedNs} {at.AtNs}");
        Assert.That(Math.Abs(at.OffsetNs), Is.LessThanOrEqualTo(at.BoundNs), "the host's clock is this machine's");
        await prepared.FinishAsync(CancellationToken.None);
        Assert.That((await lab.RestoreAsync()).IsRestored, Is.True);
        Assert.That(await host.StateAsync(), Is.EqualTo(c.Before));
        TestContext.Out.WriteLine($"not before {(at.NotBeforeNs - at.OffsetNs - atNs) / 1e6:0.000} ms, made by {(at.AtNs - at.OffsetNs - atNs) / 1e6:0.000} ms after its instant");
        _free.Enqueue(host);
    }

    [Test]
    [Explicit("a soak: 100 instants of each fault")]
    public async Task Matrix_HundredInstantsEach_EveryHostIsBackInTime()
    {
        await EachInstantAsync("drop-soak", 100, c => _network!.DropAsync(c.Host), c => _network!.JoinAgainAsync(c.Host));
        await EachInstantAsync("sshd-soak", 100, c => _network!.RestartServerAsync(c.Host), _ => Task.CompletedTask);
        Assert.That(_seconds.Max(), Is.LessThanOrEqualTo(Lease.TotalSeconds + 1));
    }

    private async Task EachInstantAsync(string fault, int instants, Func<Case, Task> strike, Func<Case, Task> heal)
    {
        var failures = new ConcurrentBag<string>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(1, instants), new ParallelOptions { MaxDegreeOfParallelism = Hosts }, async (n, _) =>
        {
            Assert.That(_free.TryDequeue(out var host), Is.True);
            var directory = _directory.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{fault}-{n}")).FullName;
            var c = new Case(host!, directory, (ulong)n, await host!.StateAsync(), Lease);
            try
            {
                await PlayAsync(c, strike, heal);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failures.Add($"{fault}, seed {n}: {failure.Message}\n{failure.StackTrace}");
            }

            _free.Enqueue(host);
        });
        TestContext.Out.WriteLine($"{fault}: {instants} instants, {failures.Count} failures, {clock.Elapsed.TotalSeconds:F1} s; back by itself after at most {_seconds.DefaultIfEmpty().Max():F2} s so far");
        Assert.That(failures, Is.Empty);
    }

    private async Task PlayAsync(Case c, Func<Case, Task> strike, Func<Case, Task> heal)
    {
        await using (var shell = await _network!.ConnectAsync(c.Host))
        await using (var lab = await c.BeginAsync())
        {
            var guard = await lab.ArmAsync(shell, c.Order(isTied: true).Options with { Reach = new HostReach("ssh", [], c.Root) }, CancellationToken.None);
            using var ended = new CancellationTokenSource();
            var changing = Victim.ChangeUntilAsync(Task.Delay(Timeout.Infinite, ended.Token), c.Order(true), guard);
            await c.SomeInstantAsync();
            await strike(c);
            try
            {
                var since = Stopwatch.StartNew();
                while (await c.Host.StateAsync() != c.Before && since.Elapsed < TimeSpan.FromSeconds(20))
                {
                    await Task.Delay(200);
                }

                _seconds.Add(since.Elapsed.TotalSeconds);
                var now = await c.Host.StateAsync();
                Assert.That(now, Is.EqualTo(c.Before), now == c.Before ? "" : $"seed {c.Seed}\n{c.GuardFiles()}");
            }
            finally
            {
                await shell.DisposeAsync();
                await ended.CancelAsync();

                // Its channel is gone: it ends with the reason, or had ended just before.
                await changing.ContinueWith(_ => { }, TaskScheduler.Default);

                // The next case has the same host.
                await heal(c);
            }
        }

        await using var again = new ThisShell(await _network.ConnectAsync(c.Host));
        foreach (var state in c.States.Where(s => Directory.Exists(s.Path)))
        {
            var report = await new LabRecovery(state, again, [], TimeProvider.System).RunAsync(CancellationToken.None);
            Assert.That(report.Restored, Is.True, string.Join('\n', report.Faults.Concat(report.Hosts.SelectMany(h => h.Left.Append(h.Fault ?? "")))));
        }

        Assert.That(await c.Host.StateAsync(), Is.EqualTo(c.Before));
        Assert.That(Directory.GetDirectories($"{c.Root}/runs"), Is.Empty, "no guard is left on the host");
    }

    /// <summary>One connection for whoever asks.</summary>
    private sealed class ThisShell(IShell shell) : IShellSource, IAsyncDisposable
    {
        public Task<IShell> OpenAsync(string host, HostReach reach, string hostsFile, CancellationToken cancellationToken) => Task.FromResult(shell);

        public ValueTask DisposeAsync() => shell.DisposeAsync();
    }
}
