namespace FailoverLab.Scenarios;

/// <summary>A cable between two interfaces.</summary>
/// <param name="A">One end.</param>
/// <param name="B">The other end.</param>
public sealed record CablePlan(CableEnd A, CableEnd B);
