namespace FailoverLab.Scenarios;

/// <summary>A step's part on one host.</summary>
/// <param name="Host">The host that performs it.</param>
/// <param name="Subject">What tells it from the step's other parts: the host or the link.</param>
/// <param name="Action">What is done.</param>
/// <param name="Command">The same in words or as the literal command.</param>
/// <param name="Undo">How it is undone; empty where nothing needs undoing.</param>
internal sealed record StepEntry(string Host, string Subject, StepAction Action, string Command, string Undo);
