using FailoverLab.Dataplane;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>
/// Performs steps in order of time on the calling thread, and reports planned and actual instants of each. A step that
/// fails is reported and the lane goes on. Steps of one instant are all performed before the first of them is reported, because writing
/// a report takes longer than a start may be late.
/// </summary>
public sealed class Lane
{
    private readonly IReadOnlyList<StepPlan> _steps;
    private readonly IStepPerformer _performer;
    private readonly IClock _clock;
    private readonly Action<RunEvent> _report;
    private readonly List<RunEvent> _performed = [];
    private volatile bool _stopped;

    /// <summary>Makes a lane.</summary>
    /// <param name="steps">Steps in order of <see cref="StepPlan.At"/>.</param>
    /// <param name="performer">Performs them.</param>
    /// <param name="clock">The time to wait on and to stamp with.</param>
    /// <param name="report">Takes one event per step; called on the lane's thread.</param>
    public Lane(IReadOnlyList<StepPlan> steps, IStepPerformer performer, IClock clock, Action<RunEvent> report)
    {
        _steps = steps;
        _performer = performer;
        _clock = clock;
        _report = report;
    }

    /// <summary>Longest single wait: how late a <see cref="Stop"/> may be noticed.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);

    /// <summary>Drops the steps that have not started; from any thread.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Performs all steps; returns after the last one has started or after <see cref="Stop"/>.</summary>
    /// <param name="startRealtimeNs">The run's start instant, CLOCK_REALTIME ns.</param>
    /// <param name="sentRealtimeNs">When the lane was handed over.</param>
    public void Run(long startRealtimeNs, long sentRealtimeNs)
    {
        // Waiting is on the monotonic clock: a step of the wall clock during the run must not move the plan.
        var monotonicStart = startRealtimeNs - _clock.RealtimeNs + _clock.MonotonicNs;
        foreach (var together in _steps.GroupBy(s => s.At).ToList())
        {
            var offset = together.Key.Ticks * 100;
            if (!WaitUntil(monotonicStart + offset))
            {
                return;
            }

            foreach (var step in together)
            {
                Perform(step, startRealtimeNs + offset, sentRealtimeNs);
            }

            _performed.ForEach(_report);
            _performed.Clear();
        }
    }

    private bool WaitUntil(long monotonicNs)
    {
        while (!_stopped && _clock.MonotonicNs < monotonicNs)
        {
            _clock.WaitUntil(Math.Min(monotonicNs, _clock.MonotonicNs + (Nap.Ticks * 100)));
        }

        return !_stopped;
    }

    private void Perform(StepPlan step, long plannedNs, long sentNs)
    {
        var startedNs = _clock.RealtimeNs;
        long? acknowledgedNs = null;
        var text = step.Command;
        try
        {
            acknowledgedNs = _performer.Perform(step, plannedNs);
        }
        catch (StepFailedException failure)
        {
            text = $"{step.Command}: failed: {failure.Message}";
        }

        _performed.Add(new RunEvent
        {
            AtNs = startedNs,
            Kind = acknowledgedNs is null ? RunEventKind.Fault : RunEventKind.Step,
            Host = step.Host,
            Step = step.Name,
            Text = text,
            PlannedNs = plannedNs,
            SentNs = sentNs,
            StartedNs = startedNs,
            AcknowledgedNs = acknowledgedNs,
        });
    }
}
