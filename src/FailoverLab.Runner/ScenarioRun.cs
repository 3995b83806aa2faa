using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>
/// Carries one plan out: arms every place, starts them at one instant, records what they report, ends them, and hands over
/// what is needed for the verdict. Faults of a place end that place's part, never the run's record.
/// </summary>
public sealed class ScenarioRun
{
    private static readonly TimeSpan LeastLead = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Obeying = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMilliseconds(125);

    /// <summary>How long before a chosen start places are armed, and how long before it what wants a lab at rest is measured: what is measured early is stale.</summary>
    private static readonly TimeSpan ArmAhead = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SettleAhead = TimeSpan.FromSeconds(10);

    /// <summary>Starts keep so far from a full second, ns: jobs name files by the second of the start, and read it a moment after.</summary>
    private const long AwayNs = 100_000_000;
    private const long SecondNs = 1_000_000_000;

    private readonly RunPlan _plan;
    private readonly IReadOnlyList<IStepHost> _places;
    private readonly EventJournal _journal;
    private readonly IRunObserver _observer;
    private readonly IClock _clock;
    private readonly TimeProvider _time;
    private readonly Lock _observing = new();
    private readonly ProgressTracker _progress;
    private volatile bool _isStopping;
    private int _lost;

    /// <summary>Makes a run; nothing is started yet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="places">Places that perform its steps; not disposed here.</param>
    /// <param name="journal">Takes every event.</param>
    /// <param name="observer">Sees the run.</param>
    /// <param name="clock">Clock of the start instant.</param>
    /// <param name="time">Timers of waits that milliseconds do for.</param>
    public ScenarioRun(
        RunPlan plan, IReadOnlyList<IStepHost> places, EventJournal journal, IRunObserver observer, IClock clock, TimeProvider time)
    {
        _plan = plan;
        _places = places;
        _journal = journal;
        _observer = observer;
        _clock = clock;
        _time = time;
        _progress = new ProgressTracker(plan);
    }

    /// <summary>When to start, ns since the Unix epoch; <see langword="null"/> as soon as everything is armed.</summary>
    public long? StartAtNs { get; init; }

    /// <summary>Runs the plan to its end.</summary>
    /// <param name="runDirectory">Absolute path of the run directory.</param>
    /// <param name="stop">Ends the run early; what was recorded until then is kept.</param>
    /// <exception cref="StepHostException">A place could not be armed; nothing was started.</exception>
    public async Task<RunRecord> ExecuteAsync(string runDirectory, CancellationToken stop)
    {
        await WaitAsync(ArmAhead, stop);
        Show("arming", StartAtNs);
        var followers = _places.Select(FollowAsync).ToList();
        await Task.WhenAll(_places.Select(p => p.HoldAsync(stop)));
        await Task.WhenAll(_places.Select(p => p.ArmAsync(_plan, runDirectory, stop)));
        await WaitAsync(SettleAhead, stop);
        await Task.WhenAll(_places.Select(p => p.SettleAsync(stop)));

        var startNs = StartNs();
        Record(RunEventKind.Run, "armed; start instant set", startNs);
        if (StartAtNs is { } wanted && startNs > wanted)
        {
            Record(RunEventKind.Fault, $"arming took longer than there was time: the start is {(startNs - wanted) / 1e9:0.###} s after the one asked for", startNs);
        }

        await Task.WhenAll(_places.Select(p => p.FireAsync(startNs)));
        var ranToEnd = await WatchAsync(startNs, stop);

        _isStopping = true;
        var stopNs = _clock.RealtimeNs;
        Record(RunEventKind.Run, ranToEnd ? "plan done; stopping" : "ended early; stopping", startNs);
        Show("stopping", startNs);

        // No place ends its captures while another may still send; one that does not obey keeps the others waiting so long and no longer.
        await Task.WhenAny(Task.WhenAll(_places.Select(p => p.QuietAsync())), Task.Delay(Obeying, _time, CancellationToken.None));
        var captures = await Task.WhenAll(_places.Select(StopAsync));
        await Task.WhenAll(_places.Select(DisposeAsync));

        await Task.WhenAll(followers);
        Record(RunEventKind.Run, "stopped", startNs);
        return new RunRecord
        {
            StartNs = startNs,
            StopNs = stopNs,
            EndNs = _clock.RealtimeNs,
            RanToEnd = ranToEnd && _lost == 0,
            WasInterrupted = stop.IsCancellationRequested,
            Captures = [.. captures.SelectMany(c => c)],
            Clocks = [.. _places.SelectMany(p => p.Clocks)],
            Addresses = [.. _places.SelectMany(p => p.Addresses)],
            Events = [.. _journal.Events.Select(e => _places.Aggregate(e, (item, place) => ReferenceEquals(item, e) ? place.Revised(item) : item))],
        };
    }

    private long StartNs()
    {
        var soonestNs = _clock.RealtimeNs + (_places.Select(p => p.Lead).Append(LeastLead).Max().Ticks * 100);
        if (StartAtNs is { } wanted && wanted >= soonestNs)
        {
            return wanted;
        }

        var beyondNs = soonestNs % SecondNs;
        return beyondNs < AwayNs ? soonestNs + AwayNs - beyondNs : beyondNs > SecondNs - AwayNs ? soonestNs + SecondNs + AwayNs - beyondNs : soonestNs;
    }

    /// <summary>Waits until so long before the start that was asked for; by the wall clock, which may be set meanwhile.</summary>
    private async Task WaitAsync(TimeSpan ahead, CancellationToken stop)
    {
        while (StartAtNs is { } at && at - (ahead.Ticks * 100) is var untilNs && _clock.RealtimeNs is var nowNs && nowNs < untilNs)
        {
            Show("waiting", at);
            await Task.Delay(TimeSpan.FromTicks(Math.Min((untilNs - nowNs) / 100, TimeSpan.TicksPerSecond) + 1), _time, stop);
        }
    }

    private async Task<bool> WatchAsync(long startNs, CancellationToken stop)
    {
        var endNs = startNs + (_plan.Duration.Ticks * 100);
        using var timer = new PeriodicTimer(RefreshPeriod, _time);
        try
        {
            while (_clock.RealtimeNs < endNs && _lost < _places.Count)
            {
                Show("running", startNs);
                await timer.WaitForNextTickAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return true;
    }

    private async Task FollowAsync(IStepHost place)
    {
        await foreach (var item in place.Events.ReadAllAsync())
        {
            _journal.Append(item);
            lock (_observing)
            {
                _progress.Take(item);
                _observer.OnEvent(item);
            }
        }

        if (!_isStopping)
        {
            Interlocked.Increment(ref _lost);
            Record(RunEventKind.NodeExit, $"the place of {string.Join(", ", place.Hosts)} was lost; its steps end here", null);
        }
    }

    private async Task<IReadOnlyList<CaptureCount>> StopAsync(IStepHost place)
    {
        try
        {
            return await place.StopAsync();
        }
        catch (Exception lost) when (IsOfThePlace(lost))
        {
            Interlocked.Increment(ref _lost);
            Record(RunEventKind.Fault, lost.Message, null);
            return [];
        }
    }

    private async Task DisposeAsync(IStepHost place)
    {
        try
        {
            await place.DisposeAsync();
        }
        catch (Exception lost) when (IsOfThePlace(lost))
        {
            Record(RunEventKind.Fault, lost.Message, null);
        }
    }

    /// <summary>A host that is gone, and a disk of this machine that is full: the run is not whole, but what was recorded is kept.</summary>
    private static bool IsOfThePlace(Exception failure) => failure is StepHostException or IOException or UnauthorizedAccessException;

    private void Record(RunEventKind kind, string text, long? startNs)
    {
        var item = new RunEvent { AtNs = _clock.RealtimeNs, Kind = kind, Text = text, PlannedNs = startNs };
        _journal.Append(item);
        lock (_observing)
        {
            _observer.OnEvent(item);
        }
    }

    private void Show(string phase, long? startNs)
    {
        var elapsed = startNs is { } start ? TimeSpan.FromTicks((_clock.RealtimeNs - start) / 100) : TimeSpan.Zero;
        lock (_observing)
        {
            _observer.Refresh(_progress.Snapshot(phase, elapsed, _places.Select(p => p.Status).FirstOrDefault(s => s is not null)));
        }
    }
}
