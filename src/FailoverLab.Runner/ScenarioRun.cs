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
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMilliseconds(125);

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

    /// <summary>Runs the plan to its end.</summary>
    /// <param name="runDirectory">Absolute path of the run directory.</param>
    /// <param name="stop">Ends the run early; what was recorded until then is kept.</param>
    /// <exception cref="StepHostException">A place could not be armed; nothing was started.</exception>
    public async Task<RunRecord> ExecuteAsync(string runDirectory, CancellationToken stop)
    {
        Show("arming", null);
        var followers = _places.Select(FollowAsync).ToList();
        await Task.WhenAll(_places.Select(p => p.ArmAsync(_plan, runDirectory, stop)));
        await Task.WhenAll(_places.Select(p => p.SettleAsync(stop)));

        var startNs = _clock.RealtimeNs + (_places.Select(p => p.Lead).Append(LeastLead).Max().Ticks * 100);
        Record(RunEventKind.Run, "armed; start instant set", startNs);
        await Task.WhenAll(_places.Select(p => p.FireAsync(startNs)));
        var ranToEnd = await WatchAsync(startNs, stop);

        _isStopping = true;
        Record(RunEventKind.Run, ranToEnd ? "plan done; stopping" : "ended early; stopping", startNs);
        Show("stopping", startNs);
        var captures = await Task.WhenAll(_places.Select(StopAsync));
        await Task.WhenAll(_places.Select(p => p.DisposeAsync().AsTask()));

        await Task.WhenAll(followers);
        Record(RunEventKind.Run, "stopped", startNs);
        return new RunRecord
        {
            StartNs = startNs,
            EndNs = _clock.RealtimeNs,
            RanToEnd = ranToEnd && _lost == 0,
            WasInterrupted = stop.IsCancellationRequested,
            Captures = [.. captures.SelectMany(c => c)],
            Clocks = [.. _places.SelectMany(p => p.Clocks)],
            Addresses = [.. _places.SelectMany(p => p.Addresses)],
            Events = _journal.Events,
        };
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
        catch (StepHostException lost)
        {
            Interlocked.Increment(ref _lost);
            Record(RunEventKind.Fault, lost.Message, null);
            return [];
        }
    }

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
