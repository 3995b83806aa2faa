using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Performs steps where they belong. Called by one thread.</summary>
public interface IStepPerformer
{
    /// <summary>Called some milliseconds before a step's instant: lays it ready, where it can then be made at the instant without a call.</summary>
    /// <param name="step">The step.</param>
    /// <param name="dueMonotonicNs">Its instant, CLOCK_MONOTONIC ns: the same number for all steps of one instant. It may have passed.</param>
    /// <returns>What is performed in place of the step, or called off; <see langword="null"/> where nothing can be laid ready.</returns>
    IPreparedStep? Prepare(StepPlan step, long dueMonotonicNs) => null;

    /// <summary>Starts what the step asks for and returns once it has taken effect; must not wait for it to end.</summary>
    /// <param name="step">The step.</param>
    /// <param name="plannedRealtimeNs">Its planned instant.</param>
    /// <returns>When it had taken effect, CLOCK_REALTIME ns.</returns>
    /// <exception cref="StepFailedException">The step could not be performed; the run goes on.</exception>
    long Perform(StepPlan step, long plannedRealtimeNs);
}
