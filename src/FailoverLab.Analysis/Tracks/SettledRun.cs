namespace FailoverLab.Analysis;

/// <summary>Settled packets in a row that all arrived at the flow's only point. Counted as a whole, with the same outcome as one by one.</summary>
internal readonly ref struct SettledRun
{
    /// <summary>Number of the last of them.</summary>
    public required long LastRow { get; init; }

    /// <summary>When they were sent, in order of their numbers; ns since the Unix epoch.</summary>
    public required ReadOnlySpan<long> SendsNs { get; init; }

    /// <summary>The earliest of those times.</summary>
    public required long EarliestNs { get; init; }

    /// <summary>The latest of those times.</summary>
    public required long LatestNs { get; init; }

    /// <summary>Packets lost before the first of them.</summary>
    public required int LostBefore { get; init; }
}
