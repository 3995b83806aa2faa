using FailoverLab.Dataplane;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Reaches hosts as the plan says, with one <see cref="SshLab"/> for each pair of configuration and file of known keys.</summary>
/// <param name="knownHosts">File of known keys for hosts that name none.</param>
/// <param name="clock">Reference clock.</param>
/// <param name="time">Timers.</param>
/// <param name="program">Our own program as a single file, which can be an agent elsewhere; absent when this one is not such a file.</param>
public sealed class SshHosts(string knownHosts, IClock clock, TimeProvider time, string? program = null) : IAsyncDisposable
{
    private readonly Dictionary<(string, string), SshLab> _labs = [];
    private readonly Lock _opening = new();

    /// <summary>Logs in to a host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="needsProgram">Whether our program must be there, because a step runs it: it is copied unless the hosts file forbids that.</param>
    /// <exception cref="SshException">It failed; says which way, and what to do.</exception>
    /// <exception cref="StepHostException">Our program must be there and cannot.</exception>
    public async Task<SshShell> ConnectAsync(HostPlan host, CancellationToken cancellationToken, bool needsProgram = false)
    {
        var plan = host.Ssh ?? SshPlan.Alias;
        var isWanted = plan.Agent == AgentUse.Yes || needsProgram;
        var shell = await SshShell.ConnectAsync(Target(host.Name, plan), Lab(plan), cancellationToken);
        try
        {
            if (plan.Agent != AgentUse.No && await AgentPlacing.ReplaceAsync(shell, plan.AgentFile ?? program, plan.AgentFile is not null, isWanted, cancellationToken) is { } fault && isWanted)
            {
                throw new StepHostException(needsProgram
                    ? $"host '{host.Name}': our program, which traffic, the stack and emulated links need there, cannot run: {fault}"
                    : $"host '{host.Name}': our agent cannot run there: {fault}; write 'agent: no' to do with the shell");
            }

            return shell;
        }
        catch
        {
            await shell.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lab in _labs.Values)
        {
            await lab.DisposeAsync();
        }

        _labs.Clear();
    }

    private static SshTarget Target(string name, SshPlan plan) => new(name)
    {
        Address = plan.Address,
        User = plan.User,
        Port = plan.Port,
        IdentityFile = plan.Identity,
        Jump = plan.Jump,
        Options = plan.Options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal),
        Shell = plan.Shell,
        Sudo = plan.Sudo,
        Password = plan.Password is { } secret
            ? () => secret.TryRead(out var text, out var fault) ? text : throw new SshException(new SshFailure(SshFailureKind.Authentication, name, fault, $"provide {secret} and try again"))
            : null,
    };

    private SshLab Lab(SshPlan plan)
    {
        var file = plan.KnownHosts ?? knownHosts;
        lock (_opening)
        {
            if (!_labs.TryGetValue((plan.ConfigFile ?? "", file), out var lab))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
                _labs[(plan.ConfigFile ?? "", file)] = lab = SshLab.Open(file, plan.ConfigFile, clock, time);
            }

            return lab;
        }
    }
}
