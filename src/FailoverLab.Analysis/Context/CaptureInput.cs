namespace FailoverLab.Analysis;

/// <summary>One capture file to analyse.</summary>
/// <param name="File">Where it is.</param>
/// <param name="DisplayName">What the record calls it: the path relative to the run directory, or as the user gave it.</param>
/// <param name="Point">Capture point <c>node.interface</c>; absent = the interface name in the file, else <paramref name="DisplayName"/>.</param>
public sealed record CaptureInput(string File, string DisplayName, string? Point = null);
