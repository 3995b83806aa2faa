namespace FailoverLab.Analysis;

/// <summary>A path and the capture points at its two ends.</summary>
/// <param name="Name">Path name, unique.</param>
/// <param name="SitePoint">Capture point at the site with several links.</param>
/// <param name="FarPoint">Capture point at the far end; absent where only one end was captured, so that loss on the path is unknown.</param>
public sealed record PathContext(string Name, string SitePoint, string? FarPoint);
