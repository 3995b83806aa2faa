namespace FailoverLab.Results;


/// <summary>One expectation and what came of it.</summary>
/// <param name="Text">The expectation in words.</param>
/// <param name="Observed">What was observed, with its interval, in words; absent when nothing was.</param>
/// <param name="Limit">The limit in words.</param>
/// <param name="Unit">Unit of the figures: <c>ms</c>, <c>packets</c>, <c>%</c>, <c>path</c>, <c>count</c>.</param>
/// <param name="Verdict">Pass, fail or inconclusive.</param>
public sealed record ExpectationResult(string Text, string? Observed, string Limit, string Unit, Verdict Verdict);
