namespace FailoverLab.Results;

/// <summary>One method over all flows of a failover. The RFCs ask for all three (RFC 6413 section 7).</summary>
/// <param name="Min">The flow that was down the shortest.</param>
/// <param name="Median">The middle flow (the lower of two).</param>
/// <param name="Max">The flow that was down the longest.</param>
public sealed record TimeSpread(MeasuredTime Min, MeasuredTime Median, MeasuredTime Max);
