namespace FailoverLab.Results;


/// <summary>A flow over time in equal bins, and the exact packets around each outage. All arrays of one kind have one length.</summary>
public sealed record FlowSeries
{
    /// <summary>Start of the first bin, ns since the Unix epoch.</summary>
    public required long StartNs { get; init; }

    /// <summary>Width of a bin, ns.</summary>
    public required long BinNs { get; init; }

    /// <summary>Packets sent per bin (by send time).</summary>
    public required IReadOnlyList<int> Sent { get; init; }

    /// <summary>Packets received per bin (by arrival time).</summary>
    public required IReadOnlyList<int> Received { get; init; }

    /// <summary>Bytes on the wire received per bin (by arrival time); absent in records made before they were counted.</summary>
    public IReadOnlyList<long>? Bytes { get; init; }

    /// <summary>Packets sent in the bin that never arrived.</summary>
    public required IReadOnlyList<int> Lost { get; init; }

    /// <summary>Median one-way delay of packets sent in the bin, ns; -1 where none arrived. Figures only; the summary never uses -1.</summary>
    public required IReadOnlyList<long> DelayNs { get; init; }

    /// <summary>Index into <see cref="RunResult.Paths"/> of the path that carried most packets sent in the bin; -1 where unknown.</summary>
    public required IReadOnlyList<int> Path { get; init; }
}
