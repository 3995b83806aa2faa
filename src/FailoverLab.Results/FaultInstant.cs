namespace FailoverLab.Results;


/// <summary>The instant of a fault from up to three sources, ns since the Unix epoch; each absent when unknown.</summary>
public sealed record FaultInstant
{
    /// <summary>Name of the step that commanded the fault.</summary>
    public string? Step { get; init; }

    /// <summary>When the command was given.</summary>
    public long? CommandNs { get; init; }

    /// <summary>When the link acknowledged it.</summary>
    public long? AcknowledgedNs { get; init; }

    /// <summary>From packets: entry into the link of the last packet that came through.</summary>
    public long? PacketsLowNs { get; init; }

    /// <summary>From packets: entry into the link of the first packet after it that never came out.</summary>
    public long? PacketsHighNs { get; init; }
}
