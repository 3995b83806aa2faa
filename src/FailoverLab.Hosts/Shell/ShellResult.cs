namespace FailoverLab.Hosts;

/// <summary>What came of a program that ran on a host.</summary>
/// <param name="Status">Exit status 0..255; 128 + signal when a signal ended it.</param>
/// <param name="Output">What it printed on standard output, UTF-8; at most 1 MiB is kept.</param>
/// <param name="Error">What it printed on standard error, likewise.</param>
/// <param name="TimedOut">Whether it was killed because its time was up.</param>
public sealed record ShellResult(int Status, string Output, string Error, bool TimedOut)
{
    /// <summary>Whether it ended by itself with status 0.</summary>
    public bool IsSuccess => Status == 0 && !TimedOut;
}
