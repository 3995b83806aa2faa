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
    private readonly LaneTime _time = new(clock);

    /// <summary>Drops the steps that have not been performed, prepared ones too; from any thread.</summary>
    public void Stop() => _time.Stop();

    /// <summary>Performs all steps; returns after the last one was performed or after <see cref="Stop"/>.</summary>
    /// <param name="startRealtimeNs">The run's start instant, CLOCK_REALTIME ns.</param>
    /// <param name="sentRealtimeNs">When the lane was handed over.</param>
    public void Run(long startRealtimeNs, long sentRealtimeNs)
    {
        _time.Begin(startRealtimeNs);
        foreach (var step in steps)
        {
            if (!_time.WaitUntil(step.At - lead))
            {
                return;
            }

            var plannedNs = startRealtimeNs + (step.At.Ticks * 100);
            var item = new RunEvent
            {
                AtNs = 0,
                Kind = RunEventKind.Step,
                Host = step.Host,
                Step = step.Name,
                Text = step.Command,
                PlannedNs = plannedNs,
                SentNs = sentRealtimeNs,
            };
            var sinceNs = clock.RealtimeNs;
            IPreparedStep prepared;
            try
            {
                prepared = preparer.Prepare(step, plannedNs);
            }
#pragma warning disable CA1031 // See StepFault.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                // It never started, so it has no start that could be called early.
                report(Failed(item, sinceNs, failure));
                continue;
            }

            if (!_time.WaitUntil(step.At))
            {
                if (StepFault.OfCallingOff(prepared) is { } fault)
                {
                    report(item with { AtNs = clock.RealtimeNs, Kind = RunEventKind.Fault, Text = $"{item.Text}: {fault}" });
                }

                return;
            }

            report(Performed(prepared, item));
        }
    }

    private static RunEvent Failed(RunEvent item, long sinceNs, Exception failure) =>
        item with { AtNs = sinceNs, Kind = RunEventKind.Fault, Text = $"{item.Text}: failed: {StepFault.Words(failure)}" };

    private RunEvent Performed(IPreparedStep prepared, RunEvent item)
    {
        var sinceNs = clock.RealtimeNs;
        try
        {
            var act = prepared.Perform();
            return item with { AtNs = act.StartedNs, StartedNs = act.StartedNs, AcknowledgedNs = act.AcknowledgedNs, Data = act.Data };
        }
#pragma warning disable CA1031 // See StepFault.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failed(item, sinceNs, failure) with { StartedNs = sinceNs };
        }
    }
}
