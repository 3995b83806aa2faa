using System.Runtime.CompilerServices;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>What one capture file holds, counted while it is read.</summary>
internal sealed class CaptureTally(CaptureInput input)
{
    private long _previousNs = long.MinValue;

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

    /// <summary>Packets read.</summary>
    public long Packets { get; private set; }

    /// <summary>Earliest stamp, ns since the Unix epoch.</summary>
    public long FirstNs { get; private set; } = long.MaxValue;

    /// <summary>Latest stamp, ns since the Unix epoch.</summary>
    public long LastNs { get; private set; } = long.MinValue;

    /// <summary>How far at most a stamp lies before that of the packet before it, ns.</summary>
    public long LargestBackwardNs { get; private set; }

    /// <summary>Counts a packet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(long stampNs)
    {
        if (stampNs < LastNs || Packets == 0) CountOdd(stampNs);
        else LastNs = stampNs;
        Packets++;
        _previousNs = stampNs;
    }

    /// <summary>The record's entry.</summary>
    public CaptureSummary Summary(PointReport? report) => new(
        Input.DisplayName, Point, Packets, Dropped ?? report?.Dropped, Fault is not null, Packets > 0 ? FirstNs : null, Packets > 0 ? LastNs : null)
    {
        Reported = report?.Packets,
    };

    /// <summary>The first stamp, or one earlier than another before it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountOdd(long stampNs)
    {
        LastNs = Math.Max(LastNs, stampNs);
        FirstNs = Math.Min(FirstNs, stampNs);
        if (Packets > 0 && stampNs < _previousNs) LargestBackwardNs = Math.Max(LargestBackwardNs, _previousNs - stampNs);
    }
}
