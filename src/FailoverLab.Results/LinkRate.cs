namespace FailoverLab.Results;

/// <summary>A rate asked of a link, and the rate it applied, bit/s.</summary>
/// <param name="Asked">The limit; absent where there is none.</param>
/// <param name="Offered">What the flows sent into the link.</param>
/// <param name="Applied">What came out of it.</param>
/// <param name="Verdict">Whether the limit was kept, and used where it was reached; absent where there is none.</param>
public sealed record LinkRate(long? Asked, long Offered, long Applied, Verdict? Verdict);
