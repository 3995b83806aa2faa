namespace FailoverLab.Results;

/// <summary>One direction of a link over a stretch of time in which nothing was changed: what was asked of it, and what it did to the packets of the flows.</summary>
public sealed record LinkAudit
{
    /// <summary>Path name from the link map.</summary>
    public required string Path { get; init; }

    /// <summary><c>up</c>: from the site with several links; <c>down</c>: towards it.</summary>
    public required string Direction { get; init; }

    /// <summary>First entry that was counted, ns since the Unix epoch: after the change before, and after what that left inside the link.</summary>
    public required long FromNs { get; init; }

    /// <summary>Entries from here on were not counted.</summary>
    public required long ToNs { get; init; }

    /// <summary>What was asked, in words.</summary>
    public required string Asked { get; init; }

    /// <summary>Packets of flows that entered.</summary>
    public required long Packets { get; init; }

    /// <summary>Those that never came out.</summary>
    public required long Lost { get; init; }

    /// <summary>Share lost; absent without packets.</summary>
    public LinkShare? Loss { get; init; }

    /// <summary>Least delay; absent where nothing came out.</summary>
    public LinkTime? DelayMinNs { get; init; }

    /// <summary>Median delay.</summary>
    public LinkTime? DelayMedianNs { get; init; }

    /// <summary>99th percentile of the delay.</summary>
    public LinkTime? DelayP99Ns { get; init; }

    /// <summary>Rate of the packets that came out; absent for fewer than two.</summary>
    public LinkRate? RateBitsPerSecond { get; init; }

    /// <summary><c>pass</c>: everything judged is as asked; <c>fail</c>: something is not; <c>inconclusive</c>: nothing could be judged.</summary>
    public required Verdict Verdict { get; init; }
}
