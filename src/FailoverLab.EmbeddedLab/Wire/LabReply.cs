using FailoverLab.Hosts;
using FailoverLab.Results;

namespace FailoverLab.EmbeddedLab;

/// <summary>One line from the lab process to the program; exactly one of the fields is present, or none for a plain "done".</summary>
internal sealed record LabReply
{
    /// <summary>Why the last request could not be carried out.</summary>
    public string? Failure { get; init; }

    /// <summary>Answer to <see cref="LabRequestKind.Stop"/>.</summary>
    public IReadOnlyList<CaptureCount>? Captures { get; init; }

    /// <summary>Answer to <see cref="LabRequestKind.Gauge"/>.</summary>
    public GaugeOutcome? Gauge { get; init; }

    /// <summary>Something happened; no answer to a request.</summary>
    public RunEvent? Event { get; init; }

    /// <summary>Figures for the live view; no answer to a request.</summary>
    public LiveStatus? Status { get; init; }
}
