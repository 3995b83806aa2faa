namespace FailoverLab.Analysis;

/// <summary>What was asked of one direction of a link, over a stretch of time in which nothing was changed.</summary>
public sealed record LinkAsked
{
    /// <summary>Path name; one of <see cref="AnalysisContext.Paths"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is the direction from the site.</summary>
    public required bool IsUp { get; init; }

    /// <summary>First entry of a packet this holds for, ns since the Unix epoch.</summary>
    public required long FromNs { get; init; }

    /// <summary>Entries from here on it does not hold for.</summary>
    public required long ToNs { get; init; }

    /// <summary>What was asked, in words.</summary>
    public required string Words { get; init; }

    /// <summary>Share lost, 0..1; absent where it cannot be foretold.</summary>
    public AskedRange? Loss { get; init; }

    /// <summary>By how much losses in bursts widen the interval of their share: its variance against that of single losses, 1 or more.</summary>
    public double LossClumping { get; init; } = 1;

    /// <summary>Least delay, ns; absent where it cannot be foretold.</summary>
    public AskedRange? DelayMinNs { get; init; }

    /// <summary>Median delay, ns; absent where it cannot be foretold.</summary>
    public AskedRange? DelayMedianNs { get; init; }

    /// <summary>99th percentile of the delay, ns; absent where it cannot be foretold.</summary>
    public AskedRange? DelayP99Ns { get; init; }

    /// <summary>Rate limit, bit/s; absent without one.</summary>
    public long? RateBitsPerSecond { get; init; }

    /// <summary>Longest wait before the rate limit, ns.</summary>
    public long QueueNs { get; init; }
}
