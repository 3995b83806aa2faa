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

    public SecretReference? Password { get; init; }

    /// <summary>Where the first of these keys stands; null when none does.</summary>
    public SourcePosition? FirstKey { get; init; }

    /// <summary>The plan of a host: its own keys, where absent those of all hosts.</summary>
    public SshPlan Over(SshConfig all) => new()
    {
        Address = Address,
        User = User ?? all.User,
        Port = Port ?? all.Port,
        Identity = Identity ?? all.Identity,
        ConfigFile = ConfigFile ?? all.ConfigFile,
        KnownHosts = KnownHosts ?? all.KnownHosts,
        Jump = Jump ?? all.Jump,
        Options = Merged(Options, all.Options),
        Shell = Shell ?? all.Shell ?? SshPlan.Alias.Shell,
        Sudo = Sudo ?? all.Sudo ?? false,
        Agent = Agent ?? all.Agent ?? AgentUse.Auto,
        Password = Password ?? all.Password,
    };

    private static IReadOnlyList<SshOption> Merged(IReadOnlyList<SshOption> own, IReadOnlyList<SshOption> all) =>
        own.Count + all.Count == 0 ? [] : [.. own, .. all.Where(a => own.All(o => o.Name != a.Name))];
}
