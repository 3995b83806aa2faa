using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Loss around boundaries of slots.</summary>
/// <param name="Chance">Share of the boundaries that have it.</param>
/// <param name="Loss">Share of packets lost there.</param>
/// <param name="For">How long before and after the boundary; 0 s to half a slot.</param>
public sealed record HandoverPlan(Ratio Chance, Ratio Loss, TimeSpan For);
