using FailoverLab.Scenarios;

namespace FailoverLab.Restoration;

/// <summary>How a host is reached again, without any file of the run. Holds no secret: a password stands by the place it is kept in.</summary>
/// <param name="Transport"><c>local</c> or <c>ssh</c>.</param>
/// <param name="Prefix">Of <c>local</c>: arguments before each command's own.</param>
/// <param name="Root">Directory on the host below which the guard keeps its part; empty when the host has no guard.</param>
public sealed record HostReach(string Transport, IReadOnlyList<string> Prefix, string Root)
{
    /// <summary>Of <c>ssh</c>: what the OpenSSH client was told.</summary>
    public SshPlan? Ssh { get; init; }

    /// <summary>Of <c>ssh</c>: absolute path of the file of known keys where the plan names none.</summary>
    public string KnownHosts { get; init; } = "";

    /// <summary>The reach of a host of the plan.</summary>
    /// <param name="host">The host, local or over ssh.</param>
    /// <param name="knownHosts">Absolute path of the file of known keys for hosts that name none.</param>
    public static HostReach Of(HostPlan host, string knownHosts) => host.Transport == HostTransport.Ssh
        ? new("ssh", [], "") { Ssh = host.Ssh ?? SshPlan.Alias, KnownHosts = knownHosts }
        : new("local", [], "");
}
