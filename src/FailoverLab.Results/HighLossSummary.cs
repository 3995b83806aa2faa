namespace FailoverLab.Results;

/// <summary>High loss intervals (MEF 10.2.1): seconds of which more than half the packets were lost.</summary>
/// <param name="Intervals">Seconds with traffic.</param>
/// <param name="High">Those with high loss.</param>
/// <param name="Consecutive">Runs of three and more of them.</param>
public sealed record HighLossSummary(long Intervals, long High, long Consecutive);
