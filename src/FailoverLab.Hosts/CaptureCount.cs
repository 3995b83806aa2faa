namespace FailoverLab.Hosts;

/// <summary>What the capturing program says of one capture; the file is recounted against it.</summary>
/// <param name="Point">Capture point, <c>node.interface</c>.</param>
/// <param name="File">Path relative to the run directory.</param>
/// <param name="Written">Packets written to the file.</param>
/// <param name="Dropped">Packets the kernel could not store.</param>
/// <param name="Fault">Why the capture ended early, or <see langword="null"/>.</param>
public sealed record CaptureCount(string Point, string File, long Written, long Dropped, string? Fault)
{
    /// <summary>Whether the capture's ring of files was full, so that its beginning was written over: <see cref="Written"/> counts what is gone too.</summary>
    public bool HasWrapped { get; init; }
}
