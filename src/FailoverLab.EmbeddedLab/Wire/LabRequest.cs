namespace FailoverLab.EmbeddedLab;

/// <summary>One line from the program to the lab process.</summary>
internal sealed record LabRequest
{
    /// <summary>Which request.</summary>
    public required LabRequestKind Kind { get; init; }

    /// <summary>The plan, as <c>PlanJson</c> writes it; with <see cref="LabRequestKind.Up"/>.</summary>
    public string? Plan { get; init; }

    /// <summary>Absolute path of the run directory; with <see cref="LabRequestKind.Arm"/> and <see cref="LabRequestKind.Gauge"/>.</summary>
    public string? RunDirectory { get; init; }

    /// <summary>Start instant, CLOCK_REALTIME ns; with <see cref="LabRequestKind.Fire"/>.</summary>
    public long? StartNs { get; init; }

    /// <summary>What the gauge is to do; with <see cref="LabRequestKind.Gauge"/>.</summary>
    public GaugePlan? Gauge { get; init; }
}
