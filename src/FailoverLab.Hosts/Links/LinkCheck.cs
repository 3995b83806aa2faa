namespace FailoverLab.Hosts;

/// <summary>Reads a piece of state back and says what must be read.</summary>
/// <param name="Command">The command that reads; changes nothing.</param>
/// <param name="Expected">Its standard output, without blanks and line ends at the end.</param>
public sealed record LinkCheck(ShellCommand Command, string Expected)
{
    /// <summary>Whether what the command printed is the state expected.</summary>
    public bool IsMetBy(ShellResult result) => result.IsSuccess && result.Output.TrimEnd() == Expected;
}
