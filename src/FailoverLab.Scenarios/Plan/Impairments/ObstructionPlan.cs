using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Silence somewhere in a slot: something stands in the way.</summary>
/// <param name="Chance">Share of the slots that have it.</param>
/// <param name="For">How long every packet is lost; 0 s to a slot.</param>
public sealed record ObstructionPlan(Ratio Chance, TimeSpan For);
