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

            var prepared = together.ConvertAll(s => _performer.Prepare(s, _time.DueNs(at)));
            if (!_time.WaitUntil(at))
            {
                prepared.ForEach(p => p?.CallOff());
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
        catch (StepFailedException failure)
        {
            text = $"{step.Command}: failed: {failure.Message}";
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
}
