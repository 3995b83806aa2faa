namespace FailoverLab.Analysis;

/// <summary>What a figure may be and still be as asked.</summary>
/// <param name="Low">Least.</param>
/// <param name="High">Most.</param>
public readonly record struct AskedRange(double Low, double High);
