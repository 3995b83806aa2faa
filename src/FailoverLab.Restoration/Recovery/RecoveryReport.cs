namespace FailoverLab.Restoration;

/// <summary>What a recovery found and did.</summary>
public sealed record RecoveryReport
{
    /// <summary>Each host of each run that left a journal.</summary>
    public required IReadOnlyList<RecoveredHost> Hosts { get; init; }

    /// <summary>Journals that could not be used, or had lost records: one sentence each.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool Restored => Faults.Count == 0 && Hosts.All(h => h.Restored);
}
