namespace FailoverLab.Scenarios;

/// <summary>Runs a command on the host.</summary>
/// <param name="Shell">Text for <c>/bin/sh -c</c>.</param>
/// <param name="Timeout">After this the command is killed; 100 ms to 24 h.</param>
/// <param name="Environment">Variables added to the command's environment.</param>
public sealed record RunCommand(string Shell, TimeSpan Timeout, IReadOnlyDictionary<string, string> Environment) : StepAction
{
    /// <summary>Absolute paths of files of this machine to put on a remote host first: number n as <c>$FAILOVERLAB_FILES/n/NAME</c>, whence the command takes it; empty for every other host.</summary>
    public IReadOnlyList<string> CopiedFiles { get; init; } = [];
}
