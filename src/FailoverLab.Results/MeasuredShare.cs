namespace FailoverLab.Results;


/// <summary>A share of a number of trials with its exact 95 % confidence interval (Clopper and Pearson), 0..1.</summary>
/// <param name="Value">The share seen.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record MeasuredShare(double Value, double Low, double High);
