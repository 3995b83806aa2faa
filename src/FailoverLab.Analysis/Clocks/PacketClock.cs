namespace FailoverLab.Analysis;

/// <summary>What packets in both directions tell of one clock against another, on stamps as the analysis has them.</summary>
internal sealed record PacketClock
{
    /// <summary>The instant it is told for: the middle of the time that packets of both directions cover, ns since the Unix epoch.</summary>
    public required long AtNs { get; init; }

    /// <summary>The clock was not less ahead than this, ns.</summary>
    public required long LowNs { get; init; }

    /// <summary>Nor more, ns.</summary>
    public required long HighNs { get; init; }

    /// <summary>The middle: of what the straight line allows where there is one, else of the interval; ns.</summary>
    public required long OffsetNs { get; init; }

    /// <summary>Rate difference of the straight line that keeps farthest from all packets, ratio; absent where no line fits.</summary>
    public double? Drift { get; init; }

    /// <summary>Least rate difference of such a line.</summary>
    public double DriftLow { get; init; }

    /// <summary>Largest rate difference of such a line.</summary>
    public double DriftHigh { get; init; }

    /// <summary>When packets first contradicted earlier ones, ns since the Unix epoch; absent where they never did. Then the interval means nothing.</summary>
    public long? BrokenAtNs { get; init; }

    /// <summary>By how much they contradict at most, ns.</summary>
    public long ExcessNs { get; init; }
}
