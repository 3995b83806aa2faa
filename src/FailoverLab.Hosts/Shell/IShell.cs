namespace FailoverLab.Hosts;

/// <summary>
/// Runs programs on one host, each given as its list of arguments; no text is ever put together for a shell to take apart. Safe for one caller at a time.
/// </summary>
public interface IShell : IAsyncDisposable
{
    /// <summary>The host's name in the plan.</summary>
    string Host { get; }

    /// <summary>What starts our own program there, before its verb; empty where it is not there.</summary>
    IReadOnlyList<string> OwnProgram => [];

    /// <summary>Measures the host's clock.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>It against the reference clock; without a difference where the host is this machine.</returns>
    /// <exception cref="StepHostException">The host cannot be reached any more.</exception>
    Task<ClockEstimate> MeasureClockAsync(CancellationToken cancellationToken) => Task.FromResult(new ClockEstimate(0, 0, 0, 0, 0, 0));

    /// <summary>Runs a program to its end.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="cancellationToken">Gives up and ends the program.</param>
    /// <returns>What came of it; a status other than 0 is no exception.</returns>
    /// <exception cref="StepHostException">The host cannot be reached any more.</exception>
    Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken);
}
