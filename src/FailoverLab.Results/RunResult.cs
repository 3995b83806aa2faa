namespace FailoverLab.Results;


/// <summary>
/// The record of one run or one analysis: <c>result.json</c>, and what <c>analyze --json</c> prints. Data only.
/// Times are integers in ns; instants are ns since the Unix epoch on the clock named in <see cref="Clock"/>; ratios are 0..1;
/// what is unknown is absent.
/// </summary>
public sealed record RunResult
{
    /// <summary>Version of this document's shape.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Scenario name; absent in an analysis of loose captures.</summary>
    public string? Scenario { get; init; }

    /// <summary>Name of the run directory; absent in an analysis.</summary>
    public string? RunId { get; init; }

    /// <summary>Start of the run, ISO 8601 UTC; absent in an analysis.</summary>
    public string? StartedAt { get; init; }

    /// <summary>The instant relative times count from (T+0), ns since the Unix epoch; absent in an analysis.</summary>
    public long? StartNs { get; init; }

    /// <summary>Length of the plan, ns; absent in an analysis.</summary>
    public long? PlannedDurationNs { get; init; }

    /// <summary>Seed of every random choice in the run; absent in an analysis.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The verdict over all expectations; absent in an analysis.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Whether everything changed was put back; absent in an analysis.</summary>
    public bool? Restored { get; init; }

    /// <summary>The machine and program the run was made with; absent in an analysis.</summary>
    public RunEnvironment? Environment { get; init; }

    /// <summary>The clock instants are on, with each host's offset; absent in an analysis.</summary>
    public ClockReport? Clock { get; init; }

    /// <summary>How late steps started against the plan; absent in an analysis.</summary>
    public StartSkew? StartSkewNs { get; init; }

    /// <summary>One entry per capture file.</summary>
    public IReadOnlyList<CaptureSummary> Captures { get; init; } = [];

    /// <summary>One entry per flow and direction.</summary>
    public IReadOnlyList<FlowSummary> Flows { get; init; } = [];

    /// <summary>Every outage of every flow, in order of start.</summary>
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>Every move of the working path, in order of time.</summary>
    public IReadOnlyList<Failover> Failovers { get; init; } = [];

    /// <summary>What each path carried.</summary>
    public IReadOnlyList<PathSummary> Paths { get; init; } = [];

    /// <summary>What was asked of each link and what it applied; absent in an analysis, and in records made before this was looked at.</summary>
    public IReadOnlyList<LinkAudit>? Links { get; init; }

    /// <summary>When the machine stood still; absent in an analysis and where the lab is spread over hosts.</summary>
    public IReadOnlyList<MachineStall>? Stalls { get; init; }

    /// <summary>Settings of the methods; absent in records made before they were written down.</summary>
    public MethodParameters? Parameters { get; init; }

    /// <summary>Expectations with what was observed; empty in an analysis.</summary>
    public IReadOnlyList<ExpectationResult> Expectations { get; init; } = [];

    /// <summary>What limits trust in the figures above.</summary>
    public IReadOnlyList<Caveat> Caveats { get; init; } = [];
}
