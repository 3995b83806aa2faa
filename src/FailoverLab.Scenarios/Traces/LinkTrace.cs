namespace FailoverLab.Scenarios;

/// <summary>What drives a link over time, as read from a trace file: instants at which packets may leave, or conditions row by row; one of the two is empty.</summary>
public sealed record LinkTrace
{
    /// <summary>Bytes one opportunity of a mahimahi trace carries (an Ethernet MTU and mahimahi's own 4 bytes).</summary>
    public const int OpportunityBytes = 1_504;

    /// <summary>Instants at which <see cref="OpportunityBytes"/> may leave, ns since the beginning, not falling.</summary>
    public IReadOnlyList<long> OpportunitiesNs { get; init; } = [];

    /// <summary>Conditions, in order of time, the first at 0.</summary>
    public IReadOnlyList<TraceRow> Rows { get; init; } = [];

    /// <summary>When it begins again, ns since the beginning; above the last instant, or equal to the last opportunity.</summary>
    public required long LengthNs { get; init; }
}
