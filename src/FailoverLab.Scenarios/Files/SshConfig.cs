using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>The ssh keys of a host, or of all hosts, as written; null where nothing is.</summary>
internal sealed record SshConfig
{
    public static SshConfig Nothing { get; } = new();

    public string? Address { get; init; }

    public string? User { get; init; }

    public int? Port { get; init; }

    public string? Identity { get; init; }

    public string? ConfigFile { get; init; }

    public string? KnownHosts { get; init; }

    public string? Jump { get; init; }

    public IReadOnlyList<SshOption> Options { get; init; } = [];

    public string? Shell { get; init; }

    public bool? Sudo { get; init; }

    public AgentUse? Agent { get; init; }

    public string? AgentFile { get; init; }

    public SecretReference? Password { get; init; }

    /// <summary>Where the first of these keys stands; null when none does.</summary>
    public SourcePosition? FirstKey { get; init; }

    /// <summary>These keys; where absent, those of <paramref name="all"/>.</summary>
    public SshConfig Over(SshConfig all) => this with
    {
        Address = Address ?? all.Address,
        User = User ?? all.User,
        Port = Port ?? all.Port,
        Identity = Identity ?? all.Identity,
        ConfigFile = ConfigFile ?? all.ConfigFile,
        KnownHosts = KnownHosts ?? all.KnownHosts,
        Jump = Jump ?? all.Jump,
        Options = Merged(Options, all.Options),
        Shell = Shell ?? all.Shell,
        Sudo = Sudo ?? all.Sudo,
        Agent = Agent ?? all.Agent,
        AgentFile = AgentFile ?? all.AgentFile,
        Password = Password ?? all.Password,
        FirstKey = FirstKey ?? all.FirstKey,
    };

    /// <summary>The plan of a host.</summary>
    public SshPlan ToPlan() => new()
    {
        Address = Address,
        User = User,
        Port = Port,
        Identity = Identity,
        ConfigFile = ConfigFile,
        KnownHosts = KnownHosts,
        Jump = Jump,
        Options = Options,
        Shell = Shell ?? SshPlan.Alias.Shell,
        Sudo = Sudo ?? false,
        Agent = Agent ?? AgentUse.Auto,
        AgentFile = AgentFile,
        Password = Password,
    };

    private static IReadOnlyList<SshOption> Merged(IReadOnlyList<SshOption> own, IReadOnlyList<SshOption> all) =>
        own.Count + all.Count == 0 ? [] : [.. own, .. all.Where(a => own.All(o => o.Name != a.Name))];
}
