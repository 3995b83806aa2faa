namespace FailoverLab.Results;

/// <summary>What a flow was worth to those who use it, beyond its outages.</summary>
public sealed record QualitySummary
{
    /// <summary>Delay of a packet less that of the one before it, ns (RFC 3393, consecutive packets); absent without send times.</summary>
    public DelaySummary? DelayVariationNs { get; init; }

    /// <summary>The 99.9 % quantile of the one-way delay less its least, ns (ITU-T Y.1540 and Y.1541); absent without captures at both ends.</summary>
    public long? DelayRangeNs { get; init; }

    /// <summary>Losses in a row; absent for flows without numbers.</summary>
    public LossPeriods? Losses { get; init; }

    /// <summary>How far packets were overtaken; absent where none was.</summary>
    public ReorderingSummary? Reordering { get; init; }

    /// <summary>Seconds of which more than half the packets were lost.</summary>
    public HighLossSummary? HighLoss { get; init; }

    /// <summary>How a call over this flow would have sounded; absent without captures at both ends.</summary>
    public VoiceSummary? Voice { get; init; }
}
