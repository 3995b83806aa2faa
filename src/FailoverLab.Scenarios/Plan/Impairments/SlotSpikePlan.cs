namespace FailoverLab.Scenarios;

/// <summary>More delay at one end of each slot.</summary>
/// <param name="Peak">Delay added at the boundary itself; it falls in a straight line to 0 over <paramref name="For"/>. 0 s to 60 s.</param>
/// <param name="For">How far it reaches from the boundary; 0 s to half a slot.</param>
public sealed record SlotSpikePlan(TimeSpan Peak, TimeSpan For);
