using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>What one capture file holds.</summary>
internal sealed record CaptureScan
{
    /// <summary>The record's entry for the file.</summary>
    public required CaptureSummary Summary { get; init; }

    /// <summary>Whether the file is a capture at all; otherwise it is not in the record.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>Why the file could not be read to its end; absent when it could.</summary>
    public string? Fault { get; init; }

    /// <summary>How far at most a stamp lies before that of the packet before it, ns.</summary>
    public long LargestBackwardNs { get; init; }

    /// <summary>Columns by point and flow.</summary>
    public required IReadOnlyList<(string Point, FlowKey Flow, SightingColumn Column)> Columns { get; init; }
}
