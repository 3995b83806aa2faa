using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Prepares steps before their instants. Called by one thread.</summary>
public interface IStepPreparer
{
    /// <summary>Does everything that can be done before the instant; nothing is in effect when it returns.</summary>
    /// <param name="step">The step.</param>
    /// <param name="plannedRealtimeNs">Its planned instant; it may have passed.</param>
    /// <exception cref="StepFailedException">The step cannot be performed; the run goes on.</exception>
    IPreparedStep Prepare(StepPlan step, long plannedRealtimeNs);
}
