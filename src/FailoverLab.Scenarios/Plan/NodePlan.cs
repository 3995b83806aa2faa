namespace FailoverLab.Scenarios;

/// <summary>One node of the embedded lab.</summary>
public sealed record NodePlan
{
    /// <summary>Node and host name.</summary>
    public required string Name { get; init; }

    /// <summary>Role, as in <see cref="HostPlan"/>.</summary>
    public required string Role { get; init; }

    /// <summary>Whether the node forwards IP packets.</summary>
    public required bool Forwards { get; init; }

    /// <summary>Interfaces in order of the file.</summary>
    public required IReadOnlyList<InterfacePlan> Interfaces { get; init; }

    /// <summary>Static routes.</summary>
    public required IReadOnlyList<RoutePlan> Routes { get; init; }

    /// <summary>Verb of the failover stack this node runs, or <see langword="null"/>.</summary>
    public string? Program { get; init; }

    /// <summary>Absolute path of that program's config file; present with <see cref="Program"/>.</summary>
    public string? ConfigFile { get; init; }
}
