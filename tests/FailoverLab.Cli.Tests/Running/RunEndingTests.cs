using System.Threading.Channels;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Restoration;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RunEndingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failoverlab-ending-");
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _error.Dispose();
    }

    [Test]
    public async Task OfAsync_RunFailsAndSomethingIsLeft_IsNotRestoredWithTheCommands()
    {
        var code = await RunEnding.OfAsync(() => throw new IOException("No space left on device"), [Links(isChanged: true)], _error);

        Assert.That(code, Is.EqualTo(ExitCode.NotRestored));
        Assert.That(_error.ToString(), Does.Contain("No space left on device").And.Contain("ip link set wan0 up"));
    }

    [Test]
    public async Task OfAsync_OnePlaceCannotBeEnded_TheOthersAreAndTheLabComesFirst()
    {
        var (stuck, other) = (new Place(new InvalidOperationException("stuck")), new Place(null));

        var code = await RunEnding.OfAsync(() => Task.FromResult(ExitCode.Passed), [stuck, Links(isChanged: true), other], _error);

        Assert.That((code, other.IsDisposed), Is.EqualTo((ExitCode.NotRestored, true)));
    }

    [Test]
    public async Task OfAsync_OnePlaceTakesLong_TheLabIsPutBackMeanwhile()
    {
        var isBack = new TaskCompletionSource();
        var links = Links(isChanged: true);
        var fetching = new Place(null) { OnEnd = () => isBack.Task };

        var ending = RunEnding.OfAsync(() => throw new IOException("No space left on device"), [fetching, links], _error);
        await WaitForAsync(() => links.Outcome is not null);
        Assert.That((fetching.IsDisposed, ending.IsCompleted), Is.EqualTo((true, false)));
        isBack.SetResult();

        Assert.That(await ending, Is.EqualTo(ExitCode.NotRestored));
    }

    [Test]
    public async Task OfAsync_RunFailsAndNothingIsLeft_IsTheFaultItself()
    {
        var other = new Place(null);

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunEnding.OfAsync(() => throw new InvalidOperationException("a bug"), [Links(isChanged: false), other], _error));
        Assert.That((other.IsDisposed, _error.ToString()), Is.EqualTo((true, "")));
    }

    [Test]
    public async Task OfAsync_AllIsWell_IsTheRunsOwnCode() =>
        Assert.That(await RunEnding.OfAsync(() => Task.FromResult(ExitCode.Failed), [Links(isChanged: false)], _error), Is.EqualTo(ExitCode.Failed));

    private static async Task WaitForAsync(Func<bool> isSo)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            Assert.That(tries, Is.LessThan(3000));
            await Task.Delay(10);
        }
    }

    /// <summary>Links of a run that announced a change nobody here can undo, or none.</summary>
    private GuardedLinks Links(bool isChanged)
    {
        var time = new Soon();
        var lab = new LabRestoration(RestorationJournal.Begin(_folder.FullName, new StateFolder(Path.Combine(_folder.FullName, "state")), "lab", "run", "", time), time);
        if (isChanged)
        {
            lab.Intend(new ChangeIntent { Host = "h", Kind = "shell", Target = "wan0", Undo = [new ShellCommand("ip", "link", "set", "wan0", "up")], Checks = [] });
        }

        return new GuardedLinks(lab, new ReachedShells([], SystemClock.Shared, time), (_, _) => throw new InvalidOperationException(), _ => new GuardOptions(), SystemClock.Shared);
    }

    /// <summary>Pauses between tries are over at once.</summary>
    private sealed class Soon : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class Place(Exception? end) : IStepHost
    {
        public bool IsDisposed { get; private set; }

        public IReadOnlyCollection<string> Hosts => ["p"];

        public ChannelReader<RunEvent> Events { get; } = Channel.CreateUnbounded<RunEvent>();

        public LiveStatus? Status => null;

        public Task ArmAsync(RunPlan plan, string runDirectory, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task FireAsync(long startRealtimeNs) => Task.CompletedTask;

        public Task<IReadOnlyList<CaptureCount>> StopAsync() => Task.FromResult<IReadOnlyList<CaptureCount>>([]);

        public Func<Task> OnEnd { get; init; } = () => Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            IsDisposed = true;
            await OnEnd();
            if (end is not null)
            {
                throw end;
            }
        }
    }
}
