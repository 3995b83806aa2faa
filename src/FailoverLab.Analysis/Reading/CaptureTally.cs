using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>What one capture file holds, counted while it is read.</summary>
internal sealed class CaptureTally(CaptureInput input)
{
    /// <summary>The file.</summary>
    public CaptureInput Input { get; } = input;

    /// <summary>Capture point; absent where the file has several.</summary>
    public string? Point { get; set; }

    /// <summary>All its points.</summary>
    public IReadOnlyList<string> Points { get; set; } = [];

    /// <summary>Whether the file is a capture at all; otherwise it is not in the record.</summary>
    public bool IsReadable { get; set; } = true;

    /// <summary>Why the file could not be read to its end; absent when it could.</summary>
    public string? Fault { get; set; }

    /// <summary>Packets the kernel could not store, as far as the file says.</summary>
    public long? Dropped { get; set; }

    /// <summary>Packets of flows that were one too many.</summary>
    public long NotFollowed { get; set; }

    /// <summary>Stamps of all packets read.</summary>
    public StampTally Stamps { get; } = new();

    /// <summary>Packets read.</summary>
    public long Packets => Stamps.Packets + Stamps.Unstamped;

    /// <summary>Whether any of them was stamped.</summary>
    public bool IsStamped => Stamps.Packets > 0;

    /// <summary>Earliest stamp, ns since the Unix epoch.</summary>
    public long FirstNs => Stamps.EarliestNs;

    /// <summary>Latest stamp, ns since the Unix epoch.</summary>
    public long LastNs => Stamps.LatestNs;

    /// <summary>How far at most a stamp lies before that of the packet before it, ns.</summary>
    public long LargestBackwardNs => Stamps.LargestBackwardNs;

    /// <summary>The record's entry.</summary>
    public CaptureSummary Summary(PointReport? report) => new(
        Input.DisplayName, Point, Packets, Dropped ?? report?.Dropped, Fault is not null, IsStamped ? FirstNs : null, IsStamped ? LastNs : null)
    {
        Reported = report?.Packets,
    };
}
