namespace FailoverLab.Scenarios;

/// <summary>Stops what earlier steps started on the host.</summary>
/// <param name="What">What is stopped.</param>
public sealed record StopStep(StopTarget What) : StepAction;
