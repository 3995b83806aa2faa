using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Performs steps where they belong. Called by one thread.</summary>
public interface IStepPerformer
{
    /// <summary>Starts what the step asks for and returns once it has taken effect; must not wait for it to end.</summary>
    /// <param name="step">The step.</param>
    /// <param name="plannedRealtimeNs">Its planned instant.</param>
    /// <returns>When it had taken effect, CLOCK_REALTIME ns.</returns>
    /// <exception cref="StepFailedException">The step could not be performed; the run goes on.</exception>
    long Perform(StepPlan step, long plannedRealtimeNs);
}
