using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>Performs the steps of all nodes: everything slow is done when arming, so that performing is one call.</summary>
internal sealed class LabPerformer(
    LabCaptures captures, LabPrograms programs, LabLinks links, LabTraffic traffic, CommandRunner commands, IClock clock, string runDirectory)
    : IStepPerformer
{
    /// <summary>Prepares the steps.</summary>
    /// <exception cref="LabException">Something cannot be prepared.</exception>
    public void Arm(IReadOnlyList<StepPlan> steps)
    {
        try
        {
            foreach (var step in steps)
            {
                ArmStep(step);
            }
        }
        catch (LinuxException refusal)
        {
            throw new LabException(refusal.Message, refusal);
        }

        programs.WaitUntilArmed();
        captures.StartDraining();
        traffic.StartReceiving();
    }

    /// <inheritdoc/>
    public IPreparedStep? Prepare(StepPlan step, long dueMonotonicNs) =>
        step.Action is LinkChangeStep change ? links.Prepare(change, dueMonotonicNs) : null;

    /// <inheritdoc/>
    public long Perform(StepPlan step, long plannedRealtimeNs)
    {
        switch (step.Action)
        {
            case CaptureStart:
                captures.Start(step.Host, clock.RealtimeNs);
                break;
            case StackStart:
                programs.Start(step.Host);
                break;
            case StackKill kill:
                programs.Signal(step.Host, kill.Signal);
                break;
            case TrafficStart start:
                traffic.Start(start, plannedRealtimeNs);
                break;
            case LinkChangeStep change:
                return links.Apply(change);
            case RunCommand command:
                commands.Start(step, command);
                break;
            case StopStep { What: StopTarget.Traffic }:
                traffic.Stop(step.Host);
                break;
            case StopStep { What: StopTarget.Capture }:
                captures.Stop(step.Host);
                break;
            case StopStep { What: StopTarget.Stack }:
                programs.Signal(step.Host, "TERM");
                break;
            default:
                throw new StepFailedException($"the embedded lab cannot perform {step.Action.GetType().Name}");
        }

        return clock.RealtimeNs;
    }

    private void ArmStep(StepPlan step)
    {
        switch (step.Action)
        {
            case CaptureStart capture:
                captures.Arm(step.Host, capture.Interfaces, capture.SnapLength, runDirectory);
                break;
            case StackStart stack:
                programs.Arm(step, stack, runDirectory);
                break;
            case TrafficStart start:
                traffic.Arm(start);
                break;
            case LinkChangeStep change:
                links.Rehearse(change);
                break;
            case RunCommand command:
                commands.Arm(step, command);
                break;
        }
    }
}
