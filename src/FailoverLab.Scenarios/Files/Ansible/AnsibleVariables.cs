namespace FailoverLab.Scenarios;

/// <summary>What the variables of one place say about reaching hosts.</summary>
/// <param name="Ssh">The keys of ssh.</param>
/// <param name="Transport">How hosts are reached; null when not said.</param>
/// <param name="Role">What hosts are for; null when not said.</param>
internal sealed record AnsibleVariables(SshConfig Ssh, HostTransport? Transport, string? Role)
{
    public static AnsibleVariables None { get; } = new(SshConfig.Nothing, null, null);

    /// <summary>These; where absent, the others.</summary>
    public AnsibleVariables Over(AnsibleVariables below) => new(Ssh.Over(below.Ssh), Transport ?? below.Transport, Role ?? below.Role);
}
