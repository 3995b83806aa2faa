namespace FailoverLab.Results;

/// <summary>A rate asked of a link, and the rate it applied, bit/s.</summary>
/// <param name="Asked">The limit; absent where there is none.</param>
/// <param name="Offered">What the flows sent into the link.</param>
/// <param name="Applied">What came out of it: the bits of all packets but one, over the time from the first exit to the last.</param>
/// <param name="Verdict">Whether the limit was kept, and used where it was reached; absent where there is none.</param>
/// <param name="AppliedLow">Lower end of the interval that holds the rate; absent in records made before there was one.</param>
/// <param name="AppliedHigh">Upper end.</param>
public sealed record LinkRate(long? Asked, long Offered, long Applied, Verdict? Verdict, long? AppliedLow = null, long? AppliedHigh = null);
