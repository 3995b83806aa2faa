using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>A scenario and its hosts after validation, defaults filled: everything a run needs, nothing it could refuse later. Data only.</summary>
public sealed record RunPlan
{
    /// <summary>Scenario name, <c>[a-z0-9-]{1,40}</c>.</summary>
    public required string Scenario { get; init; }

    /// <summary>One sentence for people; empty when the file has none.</summary>
    public required string Description { get; init; }

    /// <summary>Length of the run after its start instant; 1 s to 24 h.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How far a step may start from its instant before the run counts as invalid; absent = 50 ms for hosts over SSH, no limit for others.</summary>
    public TimeSpan? MaxStartSkew { get; init; }

    /// <summary>Seed of every random choice.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The embedded lab, or <see langword="null"/> when no host is in a namespace.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] // A plan without a lab must be readable again.
    public required TopologyPlan? Topology { get; init; }

    /// <summary>Hosts that the scenario's steps or the topology name.</summary>
    public required IReadOnlyList<HostPlan> Hosts { get; init; }

    /// <summary>Links of real labs; those of the embedded lab stand in <see cref="Topology"/>. A <see cref="LinkChangeStep"/> may name either.</summary>
    public IReadOnlyList<LinkPlan> Links { get; init; } = [];

    /// <summary>Proxmox VE endpoints that <see cref="Links"/> name.</summary>
    public IReadOnlyList<PvePlan> Pve { get; init; } = [];

    /// <summary>Whether each link of the embedded lab writes the fate of every packet beside the run. Absent in JSON where it does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LogsLinks { get; init; }

    /// <summary>Steps in order of time, ties in order of the file; one entry per host and step.</summary>
    public required IReadOnlyList<StepPlan> Steps { get; init; }

    /// <summary>What must hold.</summary>
    public required IReadOnlyList<ExpectationPlan> Expectations { get; init; }

    /// <summary>Whether a step changes one of <see cref="Links"/>: its driver performs it, not its host.</summary>
    public bool IsOfRealLink(StepPlan step) => step.Action is LinkChangeStep change && Links.Any(l => l.Name == change.Link);
}
