using System.Threading.Channels;
using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner.Tests;

public sealed class ScenarioRunTests
{
    [Test]
    public async Task ExecuteAsync_DiskOfThisMachineIsFullAtTheEnd_RecordIsKeptAndSaysSo()
    {
        var (full, whole) = (new Place("full", new IOException("No space left on device")), new Place("whole", null));

        var record = await RunAsync(full, whole);

        Assert.That(record.RanToEnd, Is.False);
        Assert.That(record.Captures.Select(c => c.Point), Is.EqualTo((string[])["whole.eth0"]));
        Assert.That(record.Events.Where(e => e.Kind == RunEventKind.Fault).Select(e => e.Text), Has.Some.EqualTo("No space left on device"));
        Assert.That((full.IsDisposed, whole.IsDisposed), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task ExecuteAsync_PlanIsDone_EveryPlaceIsQuietBeforeAnyEndsItsCaptures()
    {
        var calls = new List<string>();

        await RunAsync(new Place("a", null) { Calls = calls }, new Place("b", null) { Calls = calls });

        Assert.That(calls, Is.EqualTo((string[])["a quiet", "b quiet", "a stop", "b stop"]));
    }

    [Test]
    public async Task ExecuteAsync_OnePlaceIsInUse_NoOtherIsArmed()
    {
        var (clock, free, used) = (new Ticking(), new Place("free", null), new Place("used", null) { OnHold = async () => { await Task.Yield(); throw new StepHostException("in use"); } });
        free.Now = () => clock.RealtimeNs;

        var refusal = await Assert.ThrowsAsync<StepHostException>(() => RunAsync(clock, null, free, used));

        Assert.That((refusal!.Message, free.ArmedNs), Is.EqualTo(("in use", 0L)));
    }

    [Test]
    public async Task ExecuteAsync_EventsThatArePutRightAfterwards_AreRecordedSo()
    {
        var record = await RunAsync(new Place("a", null));

        Assert.That(record.Events.Where(e => e.Host == "a").Select(e => e.AtNs), Is.EqualTo((long[])[43]));
    }

    [Test]
    public async Task ExecuteAsync_StartIsChosen_ArmsAMinuteBeforeAndStartsThen()
    {
        var (clock, place) = (new Ticking(), new Place("a", null));
        place.Now = () => clock.RealtimeNs;
        var at = clock.RealtimeNs + 300_000_000_000;

        var record = await RunAsync(clock, at, place);

        Assert.That(record.StartNs, Is.EqualTo(at));
        Assert.That((at - place.ArmedNs) / 1e9, Is.InRange(55, 60), "virtual seconds");
        Assert.That((at - place.SettledNs) / 1e9, Is.InRange(5, 10), "virtual seconds");
        Assert.That(record.Events.Where(e => e.Kind == RunEventKind.Fault), Is.Empty);
    }

    [Test]
    public async Task ExecuteAsync_StartIsTooSoonToArm_StartsLaterAndSaysSo()
    {
        var clock = new Ticking();

        var record = await RunAsync(clock, clock.RealtimeNs + 1, new Place("a", null));

        Assert.That(record.Events.Where(e => e.Kind == RunEventKind.Fault).Select(e => e.Text), Has.Some.Contains("after the one asked for"));
    }

    [Test]
    public async Task ExecuteAsync_NoStartIsChosen_KeepsAwayFromFullSeconds()
    {
        for (var n = 0; n < 8; n++)
        {
            var beyond = (await RunAsync(new Ticking(n * 125_000_000L), null, new Place("a", null))).StartNs % 1_000_000_000;

            Assert.That(beyond, Is.InRange(100_000_000, 900_000_000));
        }
    }

    private static Task<RunRecord> RunAsync(params Place[] places) => RunAsync(SystemClock.Shared, null, places);

    private static async Task<RunRecord> RunAsync(IClock clock, long? startAtNs, params Place[] places)
    {
        var folder = Directory.CreateTempSubdirectory("failoverlab-run-");
        try
        {
            using var journal = new EventJournal(Path.Combine(folder.FullName, "events.ndjson"));
            var plan = new RunPlan { Scenario = "x", Description = "", Duration = TimeSpan.Zero, Seed = 1, Topology = null, Hosts = [], Steps = [], Expectations = [] };
            return await new ScenarioRun(plan, places, journal, new Nobody(), clock, clock is Ticking ticking ? ticking.Time : TimeProvider.System) { StartAtNs = startAtNs }.ExecuteAsync(folder.FullName, CancellationToken.None);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Time that goes on by 20 ms whenever it is read, and by what timers wait.</summary>
    private sealed class Ticking(long sinceNs = 0) : IClock
    {
        private long _now = 1_795_334_400_000_000_000 + sinceNs;

        public long MonotonicNs => RealtimeNs;

        public long RealtimeNs => Interlocked.Add(ref _now, 20_000_000);

        public TimeProvider Time => new Timers(this);

        public void WaitUntil(long monotonicNs)
        {
        }

        private sealed class Timers(Ticking clock) : TimeProvider
        {
            public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            {
                Interlocked.Add(ref clock._now, dueTime > TimeSpan.Zero ? dueTime.Ticks * 100 : 0);
                return base.CreateTimer(callback, state, TimeSpan.Zero, period == Timeout.InfiniteTimeSpan ? period : TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private sealed class Nobody : IRunObserver
    {
        public void OnEvent(RunEvent item)
        {
        }

        public void Refresh(RunSnapshot snapshot)
        {
        }
    }

    private sealed class Place(string name, Exception? end) : IStepHost
    {
        private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>();

        public bool IsDisposed { get; private set; }

        public IReadOnlyCollection<string> Hosts { get; } = [name];

        public ChannelReader<RunEvent> Events => _events.Reader;

        public LiveStatus? Status => null;

        public Func<long> Now { get; set; } = () => 0;

        public Func<Task> OnHold { get; init; } = () => Task.CompletedTask;

        public long ArmedNs { get; private set; }

        public long SettledNs { get; private set; }

        public Task HoldAsync(CancellationToken cancellationToken) => OnHold();

        public Task ArmAsync(RunPlan plan, string runDirectory, CancellationToken cancellationToken)
        {
            ArmedNs = Now();
            return Task.CompletedTask;
        }

        public Task SettleAsync(CancellationToken cancellationToken)
        {
            SettledNs = Now();
            return Task.CompletedTask;
        }

        public Task FireAsync(long startRealtimeNs)
        {
            _events.Writer.TryWrite(new RunEvent { AtNs = 42, Kind = RunEventKind.Step, Host = name, Text = "" });
            return Task.CompletedTask;
        }

        public List<string> Calls { get; init; } = [];

        public Task QuietAsync()
        {
            Calls.Add($"{name} quiet");
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<CaptureCount>> StopAsync()
        {
            Calls.Add($"{name} stop");
            return end is null ? Task.FromResult<IReadOnlyList<CaptureCount>>([new CaptureCount($"{name}.eth0", "captures/x", 0, 0, null)]) : throw end;
        }

        public RunEvent Revised(RunEvent item) => item.Host == name ? item with { AtNs = item.AtNs + 1 } : item;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            _events.Writer.TryComplete();
            return end is null ? ValueTask.CompletedTask : throw end;
        }
    }
}
