namespace FailoverLab.Packets;

/// <summary>One packet of a capture. <see cref="Data"/> lies in the reader's buffer and is valid until the reader's next call.</summary>
/// <param name="stampNs">Capture time, ns since the Unix epoch; 0 where the format carries none (simple packet blocks).</param>
/// <param name="data">The captured bytes.</param>
/// <param name="originalLength">Bytes on the wire.</param>
/// <param name="interfaceIndex">Index into <see cref="CaptureReader.Interfaces"/>.</param>
/// <param name="linkType">What the frame starts with.</param>
public readonly ref struct CapturedPacket(
    long stampNs, ReadOnlySpan<byte> data, int originalLength, int interfaceIndex, CaptureLinkType linkType)
{
    /// <summary>Capture time, ns since the Unix epoch; 0 where the format carries none.</summary>
    public long StampNs { get; } = stampNs;

    /// <summary>The captured bytes, at most the interface's snap length.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Bytes on the wire; larger than <see cref="Data"/> where the snap length cut.</summary>
    public int OriginalLength { get; } = originalLength;

    /// <summary>Index into <see cref="CaptureReader.Interfaces"/>.</summary>
    public int InterfaceIndex { get; } = interfaceIndex;

    /// <summary>What the frame starts with.</summary>
    public CaptureLinkType LinkType { get; } = linkType;
}
