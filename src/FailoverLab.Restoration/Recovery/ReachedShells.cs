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

    /// <summary>What starts our own program on this machine, before its verb; empty where nobody needs it.</summary>
    public IReadOnlyList<string> Self { get; init; } = [];

    /// <summary>Hosts over ssh where our program must be, because a link's driver runs it there.</summary>
    public IReadOnlySet<string> WithProgram { get; init; } = new HashSet<string>();

    /// <inheritdoc/>
    public async Task<IShell> OpenAsync(string host, HostReach reach, string hostsFile, CancellationToken cancellationToken)
    {
        if (reach.Transport == "local")
        {
            return new LocalShell(host, reach.Prefix) { OwnProgram = Self };
        }

        var plan = hosts.FirstOrDefault(h => h.Name == host) ?? new HostPlan(host, HostTransport.Ssh, "") { Ssh = reach.Ssh };
        return await Lab(reach.KnownHosts).ConnectAsync(plan, cancellationToken, WithProgram.Contains(host));
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
