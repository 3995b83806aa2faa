namespace FailoverLab.Scenarios;

/// <summary>Figures an expectation can judge.</summary>
public enum ExpectationMetric
{
    /// <summary>Longest outage starting in the window, ns.</summary>
    Outage,

    /// <summary>Packets lost that were sent in the window.</summary>
    Lost,

    /// <summary>Packets lost over packets sent in the window.</summary>
    LossRatio,

    /// <summary>Failovers in the window.</summary>
    Failovers,

    /// <summary>Reversions in the window.</summary>
    Reversions,

    /// <summary>Path that carried the flows at the end of the window.</summary>
    WorkingPath,

    /// <summary>Median one-way delay of packets sent in the window, ns.</summary>
    DelayMedian,

    /// <summary>99th percentile of one-way delay of packets sent in the window, ns.</summary>
    DelayP99,

    /// <summary>Packets the captures could not store.</summary>
    CaptureDrops,

    /// <summary>Largest |actual − planned| start of any step, ns.</summary>
    StartSkew,
}
