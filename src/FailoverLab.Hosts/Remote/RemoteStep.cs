using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>A step of the plan that waits on its host for its instant.</summary>
/// <param name="Step">The step.</param>
/// <param name="Job">Its job there.</param>
/// <param name="Timeout">After this, counted from its release, it is killed.</param>
/// <param name="HasLogs">Whether what it prints is kept as the step's logs.</param>
internal sealed record RemoteStep(StepPlan Step, RemoteJob Job, TimeSpan Timeout, bool HasLogs);
