namespace FailoverLab.Scenarios;

/// <summary>Sends a signal to the host's program of the failover stack.</summary>
/// <param name="Signal"><c>KILL</c>, <c>TERM</c>, <c>STOP</c> or <c>CONT</c>.</param>
public sealed record StackKill(string Signal) : StepAction;
