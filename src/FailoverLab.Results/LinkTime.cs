namespace FailoverLab.Results;

/// <summary>A time asked of a link, and the time it applied, ns.</summary>
/// <param name="AskedLowNs">Least that is as asked; absent where nothing was asked that could be compared.</param>
/// <param name="AskedHighNs">Most that is as asked.</param>
/// <param name="Applied">The figure seen; the interval holds that of all packets there could be with 95 % confidence, whatever their distribution.</param>
/// <param name="Verdict">Whether the two agree; absent where they were not compared.</param>
public sealed record LinkTime(long? AskedLowNs, long? AskedHighNs, MeasuredTime Applied, Verdict? Verdict);
