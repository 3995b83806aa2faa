namespace FailoverLab.Analysis;

/// <summary>Files that continue one another.</summary>
/// <param name="Files">In order of time.</param>
/// <param name="Name">Stands for interfaces without names.</param>
/// <param name="NamesAreShared">Whether its interface names are also others', and need <paramref name="Name"/> before them.</param>
internal sealed record CaptureChain(IReadOnlyList<CaptureTally> Files, string Name, bool NamesAreShared);
