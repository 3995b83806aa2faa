namespace FailoverLab.EmbeddedLab;

/// <summary>One of the gauge's two paths.</summary>
/// <param name="Name">Name in the record.</param>
/// <param name="SitePoint">Capture point where packets go in.</param>
/// <param name="FarPoint">Capture point where they come out.</param>
/// <param name="Delay">What it delays every packet by.</param>
public sealed record GaugePath(string Name, string SitePoint, string FarPoint, TimeSpan Delay);
