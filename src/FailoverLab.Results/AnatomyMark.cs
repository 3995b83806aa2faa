namespace FailoverLab.Results;


/// <summary>One mark on the way from fault to sustained recovery.</summary>
/// <param name="Mark">Which.</param>
/// <param name="AtNs">When, ns since the Unix epoch.</param>
public sealed record AnatomyMark(AnatomyMarkKind Mark, long AtNs);
