using FailoverLab.Dataplane;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>
/// Performs steps in order of time on the calling thread, each in two phases: some time before its instant it is prepared, at the instant it is performed.
/// Where the step before is not done by then, it is prepared as soon as that is, and is late when that is too late. A step that fails is
/// reported and the lane goes on.
/// </summary>
/// <param name="steps">Steps in order of <see cref="StepPlan.At"/>.</param>
/// <param name="preparer">Prepares them.</param>
/// <param name="lead">How long before its instant each is prepared.</param>
/// <param name="clock">The time to wait on and to stamp with.</param>
/// <param name="report">Takes one event per step; called on the lane's thread.</param>
public sealed class PreparingLane(IReadOnlyList<StepPlan> steps, IStepPreparer preparer, TimeSpan lead, IClock clock, Action<RunEvent> report)
{
    /// <summary>Longest single wait: how late a <see cref="Stop"/> may be noticed.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);

    private volatile bool _stopped;

    /// <summary>Drops the steps that have not been performed, prepared ones too; from any thread.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Performs all steps; returns after the last one was performed or after <see cref="Stop"/>.</summary>
    /// <param name="startRealtimeNs">The run's start instant, CLOCK_REALTIME ns.</param>
    /// <param name="sentRealtimeNs">When the lane was handed over.</param>
    public void Run(long startRealtimeNs, long sentRealtimeNs)
    {
        // Waiting is on the monotonic clock: a step of the wall clock during the run must not move the plan.
        var monotonicStart = startRealtimeNs - clock.RealtimeNs + clock.MonotonicNs;
        foreach (var step in steps)
        {
            var offset = step.At.Ticks * 100;
            if (!WaitUntil(monotonicStart + offset - (lead.Ticks * 100)))
            {
                return;
            }

            var item = new RunEvent
            {
                AtNs = 0,
                Kind = RunEventKind.Step,
                Host = step.Host,
                Step = step.Name,
                Text = step.Command,
                PlannedNs = startRealtimeNs + offset,
                SentNs = sentRealtimeNs,
            };
            var sinceNs = clock.RealtimeNs;
            IPreparedStep prepared;
            try
            {
                prepared = preparer.Prepare(step, startRealtimeNs + offset);
            }
            catch (StepFailedException failure)
            {
                // It never started, so it has no start that could be called early.
                report(Failed(item, sinceNs, failure));
                continue;
            }

            if (!WaitUntil(monotonicStart + offset))
            {
                prepared.CallOff();
                return;
            }

            report(Performed(prepared, item));
        }
    }

    private static RunEvent Failed(RunEvent item, long sinceNs, StepFailedException failure) =>
        item with { AtNs = sinceNs, Kind = RunEventKind.Fault, Text = $"{item.Text}: failed: {failure.Message}" };

    private RunEvent Performed(IPreparedStep prepared, RunEvent item)
    {
        var sinceNs = clock.RealtimeNs;
        try
        {
            var act = prepared.Perform();
            return item with { AtNs = act.StartedNs, StartedNs = act.StartedNs, AcknowledgedNs = act.AcknowledgedNs, Data = act.Data };
        }
        catch (StepFailedException failure)
        {
            return Failed(item, sinceNs, failure) with { StartedNs = sinceNs };
        }
    }

    private bool WaitUntil(long monotonicNs)
    {
        while (!_stopped && clock.MonotonicNs < monotonicNs)
        {
            clock.WaitUntil(Math.Min(monotonicNs, clock.MonotonicNs + (Nap.Ticks * 100)));
        }

        return !_stopped;
    }
}
