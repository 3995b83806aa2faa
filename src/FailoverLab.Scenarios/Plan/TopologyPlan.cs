namespace FailoverLab.Scenarios;

/// <summary>The embedded lab: nodes (network namespaces), cables between them, and WAN links through their WANulators.</summary>
public sealed record TopologyPlan
{
    /// <summary>Absolute path of the file it came from.</summary>
    public required string File { get; init; }

    /// <summary>Nodes in order of the file, WANulators included.</summary>
    public required IReadOnlyList<NodePlan> Nodes { get; init; }

    /// <summary>Direct cables (veth pairs), without those of WAN links.</summary>
    public required IReadOnlyList<CablePlan> Cables { get; init; }

    /// <summary>WAN links.</summary>
    public required IReadOnlyList<WanLinkPlan> WanLinks { get; init; }
}
