namespace FailoverLab.Results;


/// <summary>One move of the working path.</summary>
public sealed record Failover
{
    /// <summary>Failover or reversion.</summary>
    public required FailoverKind Kind { get; init; }

    /// <summary>Path before.</summary>
    public required string FromPath { get; init; }

    /// <summary>Path after; absent when no path took over.</summary>
    public string? ToPath { get; init; }

    /// <summary>Routing server before; absent when no capture point tells. Differs from <see cref="ToRouter"/> in a "large" switch.</summary>
    public string? FromRouter { get; init; }

    /// <summary>Routing server after; absent when no capture point tells.</summary>
    public string? ToRouter { get; init; }

    /// <summary>What caused it, as far as known.</summary>
    public required FaultInstant Fault { get; init; }

    /// <summary>The move as each flow saw it.</summary>
    public required IReadOnlyList<FailoverFlow> Flows { get; init; }

    /// <summary>Each method over all flows: least, median, most; absent where no flow could use any.</summary>
    public MethodSpreads? Overall { get; init; }

    /// <summary>Why the methods differ, where they do; absent where they agree.</summary>
    public IReadOnlyList<MethodDisagreement>? Disagreements { get; init; }

    /// <summary>Where the time went; marks in order of time.</summary>
    public required IReadOnlyList<AnatomyMark> Anatomy { get; init; }

    /// <summary>What of that took longest; absent below two marks.</summary>
    public AnatomyShare? Largest { get; init; }
}
