using FailoverLab.Dataplane;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Shells on the hosts of an inventory: this machine's own, and channels over ssh. Hosts that share a file of host keys and an ssh_config share a lab.</summary>
public sealed class InventoryShells : IAsyncDisposable
{
    private readonly Dictionary<(string KnownHosts, string? Config), SshLab> _labs = [];
    private readonly Lock _lock = new();
    private readonly string _knownHosts;
    private readonly IClock _clock;
    private readonly TimeProvider _time;

    /// <summary>Makes it; connects to nothing.</summary>
    /// <param name="knownHosts">File of host keys for hosts that name none; made when it is missing.</param>
    /// <param name="clock">Reference clock.</param>
    /// <param name="time">Timers.</param>
    public InventoryShells(string knownHosts, IClock clock, TimeProvider time)
    {
        _knownHosts = knownHosts;
        _clock = clock;
        _time = time;
    }

    /// <summary>Opens a shell on a host over ssh.</summary>
    /// <param name="host">A host with transport ssh.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SshException">It failed; says which way, and what to do.</exception>
    public Task<SshShell> ConnectAsync(HostPlan host, CancellationToken cancellationToken)
    {
        var ssh = host.Ssh ?? SshPlan.Alias;
        return SshShell.ConnectAsync(Target(host.Name, ssh), Lab(ssh), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lab in _labs.Values)
        {
            await lab.DisposeAsync();
        }
    }

    /// <summary>What ssh is told of a host.</summary>
    internal static SshTarget Target(string name, SshPlan ssh) => new(name)
    {
        Address = ssh.Address,
        User = ssh.User,
        Port = ssh.Port,
        IdentityFile = ssh.Identity,
        Jump = ssh.Jump,
        Options = ssh.Options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal),
        Shell = ssh.Shell,
        Sudo = ssh.Sudo,
        Password = ssh.Password is { } reference ? () => Secret(name, reference) : null,
    };

    private static string Secret(string host, SecretReference reference) =>
        reference.TryRead(out var secret, out var fault)
            ? secret
            : throw new SshException(new SshFailure(SshFailureKind.Authentication, host, fault, $"provide {reference} and try again"));

    private SshLab Lab(SshPlan ssh)
    {
        var key = (ssh.KnownHosts ?? _knownHosts, ssh.ConfigFile);
        lock (_lock)
        {
            return _labs.TryGetValue(key, out var lab) ? lab : _labs[key] = SshLab.Open(key.Item1, key.ConfigFile, _clock, _time);
        }
    }
}
