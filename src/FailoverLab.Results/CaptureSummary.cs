namespace FailoverLab.Results;


/// <summary>One capture file as recounted after the run.</summary>
/// <param name="File">Path relative to the run directory, or as given.</param>
/// <param name="Point">Capture point name, <c>node.interface</c>; absent when unknown.</param>
/// <param name="Packets">Packets found in the file by reading it again.</param>
/// <param name="Dropped">Packets the kernel could not store, from the interface statistics block; absent when the file does not say.</param>
/// <param name="Truncated">Whether the file ends inside a block.</param>
/// <param name="FirstNs">Stamp of the first packet; absent where no packet has one.</param>
/// <param name="LastNs">Stamp of the last packet; absent where no packet has one.</param>
public sealed record CaptureSummary(
    string File, string? Point, long Packets, long? Dropped, bool Truncated, long? FirstNs, long? LastNs)
{
    /// <summary>Packets the capturing program says it wrote; absent when it did not say. Differs from <see cref="Packets"/> only by a fault, or where its ring of files was full.</summary>
    public long? Reported { get; init; }
}
