namespace FailoverLab.Packets;

/// <summary>One packet found in the window: where it lies and what its header says. 32 bytes, so that two share a cache line.</summary>
/// <param name="StampNs">Capture time, ns since the Unix epoch.</param>
/// <param name="Place">First byte, in the window's own counting.</param>
/// <param name="Captured">Bytes in the file.</param>
/// <param name="OriginalLength">Bytes on the wire.</param>
/// <param name="Interface">Index of the interface.</param>
/// <param name="LinkType">What the frame starts with.</param>
internal readonly record struct PacketSlot(long StampNs, long Place, int Captured, int OriginalLength, int Interface, CaptureLinkType LinkType);
