using FailoverLab.Dataplane;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>
/// Performs steps in order of time on the calling thread, and reports planned and actual instants of each. A step that
/// fails is reported and the lane goes on. Steps of one instant are all performed before the first of them is reported, because writing
/// a report takes longer than a start may be late. Steps that can be laid ready are so some milliseconds before, and come by themselves at their
/// instant, however late this thread then is.
/// </summary>
public sealed class Lane
{
    /// <summary>So long before its instant a step is laid ready: more than a busy machine keeps a thread from its turn.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<StepPlan> _steps;
    private readonly IStepPerformer _performer;
    private readonly IClock _clock;
    private readonly Action<RunEvent> _report;
    private readonly LaneTime _time;

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
        _time = new LaneTime(clock);
        _report = report;
    }

    /// <summary>Drops the steps that have not started; from any thread.</summary>
    public void Stop() => _time.Stop();

    /// <summary>Performs all steps; returns after the last one has started or after <see cref="Stop"/>.</summary>
    /// <param name="startRealtimeNs">The run's start instant, CLOCK_REALTIME ns.</param>
    /// <param name="sentRealtimeNs">When the lane was handed over.</param>
    public void Run(long startRealtimeNs, long sentRealtimeNs)
    {
        _time.Begin(startRealtimeNs);
        foreach (var together in _steps.GroupBy(s => s.At).Select(g => g.ToList()).ToList())
        {
            var at = together[0].At;
            if (!_time.WaitUntil(at - Lead))
            {
                return;
            }

            var prepared = together.ConvertAll(s => Prepare(s, _time.DueNs(at)));
            if (!_time.WaitUntil(at))
            {
                CallOff(together, prepared);
                return;
            }

            // Those laid ready come by themselves; the others want this thread now.
            var performed = new RunEvent[together.Count];
            foreach (var i in Enumerable.Range(0, together.Count).OrderBy(i => prepared[i] is not null))
            {
                performed[i] = Perform(together[i], prepared[i], startRealtimeNs + (at.Ticks * 100), sentRealtimeNs);
            }

            Array.ForEach(performed, _report);
        }
    }

    private IPreparedStep? Prepare(StepPlan step, long dueNs)
    {
        try
        {
            return _performer.Prepare(step, dueNs);
        }
#pragma warning disable CA1031 // See StepFault.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new Unprepared(failure);
        }
    }

    private void CallOff(IReadOnlyList<StepPlan> steps, IReadOnlyList<IPreparedStep?> prepared)
    {
        foreach (var (step, ready) in steps.Zip(prepared))
        {
            if (ready is not null && StepFault.OfCallingOff(ready) is { } fault)
            {
                _report(new RunEvent { AtNs = _clock.RealtimeNs, Kind = RunEventKind.Fault, Host = step.Host, Step = step.Name, Text = $"{step.Command}: {fault}" });
            }
        }
    }

    private RunEvent Perform(StepPlan step, IPreparedStep? prepared, long plannedNs, long sentNs)
    {
        var startedNs = _clock.RealtimeNs;
        long? acknowledgedNs = null;
        var text = step.Command;
        try
        {
            (startedNs, acknowledgedNs) = prepared?.Perform() is { } act
                ? (act.StartedNs, act.AcknowledgedNs)
                : (startedNs, _performer.Perform(step, plannedNs));
        }
#pragma warning disable CA1031 // See StepFault.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            text = $"{step.Command}: failed: {StepFault.Words(failure)}";
        }

        return new RunEvent
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
        };
    }

    /// <summary>A step that could not be laid ready fails at its instant.</summary>
    private sealed class Unprepared(Exception failure) : IPreparedStep
    {
        public StepAct Perform() => throw failure;

        public void CallOff()
        {
            // Nothing lies ready.
        }
    }
}
