namespace FailoverLab.Results;

/// <summary>A share asked of a link, and the share it applied.</summary>
/// <param name="AskedLow">Least that is as asked, 0..1.</param>
/// <param name="AskedHigh">Most that is as asked, 0..1.</param>
/// <param name="Applied">The share seen, with its exact interval.</param>
/// <param name="Verdict">Whether the two agree; absent where they were not compared.</param>
public sealed record LinkShare(double AskedLow, double AskedHigh, MeasuredShare Applied, Verdict? Verdict);
