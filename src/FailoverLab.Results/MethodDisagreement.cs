namespace FailoverLab.Results;

/// <summary>Why methods give different times for one failover.</summary>
/// <param name="Cause"><c>duplication</c>, <c>reordering</c>, <c>brownout</c>, <c>delay-change</c>, <c>edge-lateness</c>, <c>late</c>, <c>sampling</c> or <c>unexplained</c>.</param>
/// <param name="Text">One sentence with the figures.</param>
/// <param name="Methods">The methods it sets apart, by their names in the record.</param>
public sealed record MethodDisagreement(string Cause, string Text, IReadOnlyList<string> Methods);
