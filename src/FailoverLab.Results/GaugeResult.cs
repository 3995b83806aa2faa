namespace FailoverLab.Results;


/// <summary>
/// What <c>lab gauge</c> found about the measuring itself, and what <c>lab gauge --json</c> prints. Data only; units as in <see cref="RunResult"/>.
/// </summary>
public sealed record GaugeResult
{
    /// <summary>Version of this document's shape.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Start, ISO 8601 UTC; absent in virtual time.</summary>
    public string? StartedAt { get; init; }

    /// <summary>Seed of the cuts; absent where they were not drawn.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The machine and program; absent in virtual time.</summary>
    public RunEnvironment? Environment { get; init; }

    /// <summary>Time between two packets of the flow, ns.</summary>
    public required long IntervalNs { get; init; }

    /// <summary>Worst lateness of a packet at its sender, ns; absent in virtual time.</summary>
    public long? SenderLatenessNs { get; init; }

    /// <summary>Worst lateness of a packet that left a path, ns; absent in virtual time.</summary>
    public long? PathLatenessNs { get; init; }

    /// <summary>The verdict over all methods.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>One entry per method, in order of the table.</summary>
    public required IReadOnlyList<GaugeMethod> Methods { get; init; }

    /// <summary>One entry per cut, in order of time.</summary>
    public required IReadOnlyList<GaugeRun> Runs { get; init; }

    /// <summary>Outages and failovers that were reported and had no cut.</summary>
    public required int Strays { get; init; }

    /// <summary>The captures; empty in virtual time.</summary>
    public IReadOnlyList<CaptureSummary> Captures { get; init; } = [];

    /// <summary>What limits trust in the figures above.</summary>
    public IReadOnlyList<Caveat> Caveats { get; init; } = [];
}
