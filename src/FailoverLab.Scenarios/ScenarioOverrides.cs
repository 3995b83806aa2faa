namespace FailoverLab.Scenarios;

/// <summary>What the command line puts in place of the scenario's own values; absent values leave the file's.</summary>
public sealed record ScenarioOverrides
{
    /// <summary>Seed of every random choice.</summary>
    public ulong? Seed { get; init; }
}
