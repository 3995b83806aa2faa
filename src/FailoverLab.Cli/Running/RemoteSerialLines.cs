using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>Serial lines of virtual machines whose host is reached over ssh.</summary>
/// <param name="hosts">Hosts of the inventory.</param>
/// <param name="ssh">Ways to them; outlives what is opened here.</param>
internal sealed class RemoteSerialLines(IReadOnlyList<HostPlan> hosts, SshHosts ssh)
{
    /// <summary>Whether a host is reached over ssh; the lines of this machine's own machines are opened here.</summary>
    public bool IsMeant(string host) => hosts.Any(h => h.Name == host && h.Transport == HostTransport.Ssh);

    /// <summary>Opens one.</summary>
    /// <param name="host">The host that runs the machine.</param>
    /// <param name="path">The socket there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The host cannot be reached, or there is no such line.</exception>
    public async Task<Stream> OpenAsync(string host, string path, CancellationToken cancellationToken) =>
        await RemoteSocketStream.OpenAsync(await ssh.ConnectAsync(hosts.First(h => h.Name == host), cancellationToken), path, cancellationToken);
}
