using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.Restoration;

/// <summary>Opens ways to this machine, its network namespaces, and hosts over ssh.</summary>
/// <param name="hosts">Hosts as the inventory says now; those it does not name are reached as they were when they were changed.</param>
/// <param name="clock">Reference clock.</param>
/// <param name="time">Timers.</param>
/// <param name="program">Our own program as a single file, for hosts that ask for it; absent when this one is no such file.</param>
public sealed class ReachedShells(IReadOnlyList<HostPlan> hosts, IClock clock, TimeProvider time, string? program = null) : IShellSource, IAsyncDisposable
{
    private readonly Dictionary<string, SshHosts> _ssh = [];
    private readonly Lock _opening = new();

    /// <inheritdoc/>
    public async Task<IShell> OpenAsync(string host, HostReach reach, string hostsFile, CancellationToken cancellationToken)
    {
        if (reach.Transport == "local")
        {
            return new LocalShell(host, reach.Prefix);
        }

        var plan = hosts.FirstOrDefault(h => h.Name == host) ?? new HostPlan(host, HostTransport.Ssh, "") { Ssh = reach.Ssh };
        return await Lab(reach.KnownHosts).ConnectAsync(plan, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lab in _ssh.Values)
        {
            await lab.DisposeAsync();
        }

        _ssh.Clear();
    }

    private SshHosts Lab(string knownHosts)
    {
        lock (_opening)
        {
            return _ssh.TryGetValue(knownHosts, out var lab) ? lab : _ssh[knownHosts] = new SshHosts(knownHosts, clock, time, program);
        }
    }
}
