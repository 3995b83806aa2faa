namespace FailoverLab.Scenarios;

/// <summary>A hosts file after validation, defaults filled, without any scenario: what the lab consists of. Data only.</summary>
public sealed record InventoryPlan
{
    /// <summary>The file, absolute.</summary>
    public required string File { get; init; }

    /// <summary>Hosts in order of the file, then nodes of the embedded lab that it does not list.</summary>
    public required IReadOnlyList<HostPlan> Hosts { get; init; }

    /// <summary>Groups in order of the file.</summary>
    public required IReadOnlyList<GroupPlan> Groups { get; init; }

    /// <summary>Links of real labs.</summary>
    public required IReadOnlyList<LinkPlan> Links { get; init; }

    /// <summary>Proxmox VE endpoints.</summary>
    public required IReadOnlyList<PvePlan> Pve { get; init; }

    /// <summary>The embedded lab; absent when the file names none.</summary>
    public TopologyPlan? Topology { get; init; }
}
