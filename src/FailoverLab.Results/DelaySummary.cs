namespace FailoverLab.Results;


/// <summary>Distribution of one-way delay, ns.</summary>
/// <param name="Min">Smallest.</param>
/// <param name="Median">Middle.</param>
/// <param name="P99">99th percentile (nearest rank).</param>
/// <param name="Max">Largest.</param>
public sealed record DelaySummary(long Min, long Median, long P99, long Max);
