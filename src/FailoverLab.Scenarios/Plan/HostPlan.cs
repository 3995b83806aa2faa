namespace FailoverLab.Scenarios;

/// <summary>A host that takes part.</summary>
/// <param name="Name">Its name in hosts.yaml.</param>
/// <param name="Transport">How it is reached.</param>
/// <param name="Role">What it is for (<c>traffic</c>, <c>endpoint</c>, <c>wanulator</c>, <c>hub</c>, <c>router</c>, <c>business</c>, <c>balancer</c>, <c>controller</c>, …); empty when the file has none.</param>
public sealed record HostPlan(string Name, HostTransport Transport, string Role)
{
    /// <summary>How the OpenSSH client reaches it; present for <see cref="HostTransport.Ssh"/> and for no other.</summary>
    public SshPlan? Ssh { get; init; }

    /// <summary>Interfaces of a host over ssh that probe traffic ends at and <c>capture: all</c> taps; <see langword="null"/> when the file names none. Of a router the first is where tunnels arrive.</summary>
    public IReadOnlyList<InterfacePlan>? Interfaces { get; init; }

    /// <summary>Verb of the failover stack a host over ssh runs, or <see langword="null"/>.</summary>
    public string? Program { get; init; }

    /// <summary>Absolute path, on this machine, of that program's config file; present with <see cref="Program"/>.</summary>
    public string? ConfigFile { get; init; }
}
