namespace FailoverLab.Results;


/// <summary>A measured time with the interval that holds the truth, ns.</summary>
/// <param name="ValueNs">The method's figure.</param>
/// <param name="LowNs">Lower end.</param>
/// <param name="HighNs">Upper end.</param>
public sealed record MeasuredTime(long ValueNs, long LowNs, long HighNs);
