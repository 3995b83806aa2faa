using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>Opens ways to hosts for a recovery.</summary>
public interface IShellSource
{
    /// <summary>Opens a way to a host.</summary>
    /// <param name="host">Its name in the plan.</param>
    /// <param name="reach">How it was reached when it was changed.</param>
    /// <param name="hostsFile">The hosts file in force then; empty when there was none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">It cannot be reached; the message says what to do.</exception>
    Task<IShell> OpenAsync(string host, HostReach reach, string hostsFile, CancellationToken cancellationToken);
}
