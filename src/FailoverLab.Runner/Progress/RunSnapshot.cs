namespace FailoverLab.Runner;

/// <summary>A run as it stands now, for a live view. Figures are indications; the captures decide.</summary>
public sealed record RunSnapshot
{
    /// <summary>Scenario name.</summary>
    public required string Scenario { get; init; }

    /// <summary>What is going on, in one or two words: <c>waiting</c>, <c>arming</c>, <c>running</c>, <c>stopping</c>, <c>analysing</c>, <c>writing report</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Time since the start instant; negative before it.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Planned length.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The next step, or <see langword="null"/> when none is left.</summary>
    public NextStep? Next { get; init; }

    /// <summary>WAN paths in order of the topology.</summary>
    public required IReadOnlyList<PathState> Paths { get; init; }

    /// <summary>Probe flows in order of the plan.</summary>
    public required IReadOnlyList<FlowState> Flows { get; init; }
}
