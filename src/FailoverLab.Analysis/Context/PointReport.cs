namespace FailoverLab.Analysis;

/// <summary>What the capturing program said about one point.</summary>
/// <param name="Point">Capture point.</param>
/// <param name="Packets">Packets it says it wrote.</param>
/// <param name="Dropped">Packets it says the kernel could not store; absent when it does not know.</param>
public sealed record PointReport(string Point, long Packets, long? Dropped);
