namespace FailoverLab.Results;


/// <summary>
/// One line of <c>events.ndjson</c>: what happened, where and when. Instants are ns since the Unix epoch on the clock of
/// <see cref="Host"/>; what does not apply is absent.
/// </summary>
public sealed record RunEvent
{
    /// <summary>Key in <see cref="Data"/> under which an event names the caveat it is; <c>path</c> beside it says what it affects.</summary>
    public const string CaveatKey = "caveat";

    /// <summary>When it happened.</summary>
    public required long AtNs { get; init; }

    /// <summary>What kind of event this is.</summary>
    public required RunEventKind Kind { get; init; }

    /// <summary>Host (node) it happened on.</summary>
    public string? Host { get; init; }

    /// <summary>Step it belongs to.</summary>
    public string? Step { get; init; }

    /// <summary>The event in words; for a stack event its name, see docs/RESULTS.md.</summary>
    public required string Text { get; init; }

    /// <summary>When the step was planned to start.</summary>
    public long? PlannedNs { get; init; }

    /// <summary>When the step was handed to its host.</summary>
    public long? SentNs { get; init; }

    /// <summary>When the step started.</summary>
    public long? StartedNs { get; init; }

    /// <summary>When the host said the step had taken effect.</summary>
    public long? AcknowledgedNs { get; init; }

    /// <summary>Exit status of a command that ended.</summary>
    public int? ExitStatus { get; init; }

    /// <summary>Further facts: for stack events <c>path</c>, <c>fromPath</c>, <c>toPath</c>, <c>router</c>, <c>reason</c>, <c>correlation</c>.</summary>
    public IReadOnlyDictionary<string, string>? Data { get; init; }
}
