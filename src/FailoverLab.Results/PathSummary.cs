namespace FailoverLab.Results;


/// <summary>What one path carried.</summary>
public sealed record PathSummary
{
    /// <summary>Path name from the link map.</summary>
    public required string Name { get; init; }

    /// <summary>Probe packets that entered this path.</summary>
    public required long Packets { get; init; }

    /// <summary>Share of all probe packets that entered any path.</summary>
    public required double Share { get; init; }

    /// <summary>Times traffic left this path and came back to it.</summary>
    public int? FlapCount { get; init; }

    /// <summary>Median time between returns to this path, ns; absent below two returns.</summary>
    public long? FlapPeriodNs { get; init; }

    /// <summary>Probe packets that entered and never came out.</summary>
    public long? Lost { get; init; }

    /// <summary>Bytes on the wire, by the flows' receivers, of the packets that came out of this path; where one end only was captured, of those seen there.</summary>
    public long? Bytes { get; init; }

    /// <summary>Those bytes per bin, by the time they came out. Bins as in the flows' series; divided by the width this is the path's throughput.</summary>
    public IReadOnlyList<long>? ByteSeries { get; init; }

    /// <summary>Delay across the link, entry to exit, both directions together.</summary>
    public DelaySummary? DelayNs { get; init; }

    /// <summary>Delay across the link per bin, for figures; -1 where nothing crossed. Bins as in the flows' series.</summary>
    public IReadOnlyList<long>? DelaySeriesNs { get; init; }
}
