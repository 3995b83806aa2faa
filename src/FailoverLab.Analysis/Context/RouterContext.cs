namespace FailoverLab.Analysis;

/// <summary>A routing server and the capture point that all tunnel traffic with it passes.</summary>
/// <param name="Name">Host name.</param>
/// <param name="Point">Capture point.</param>
public sealed record RouterContext(string Name, string Point);
