namespace FailoverLab.Analysis;

/// <summary>Files that continue one another.</summary>
/// <param name="Files">In order of time.</param>
/// <param name="Prefix">Put before interface names; absent = none.</param>
internal sealed record CaptureChain(IReadOnlyList<CaptureTally> Files, string? Prefix);
