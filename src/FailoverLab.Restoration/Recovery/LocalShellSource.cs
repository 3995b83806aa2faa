using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>Opens ways to this machine and its network namespaces.</summary>
public sealed class LocalShellSource : IShellSource
{
    /// <inheritdoc/>
    public Task<IShell> OpenAsync(string host, HostReach reach, string hostsFile, CancellationToken cancellationToken) => reach.Transport == "local"
        ? Task.FromResult<IShell>(new LocalShell(host, reach.Prefix))
        : throw new StepHostException($"host '{host}' is reached over {reach.Transport}; give the hosts file that names it with --hosts{(hostsFile.Length > 0 ? $" (it was {hostsFile})" : "")}");
}
