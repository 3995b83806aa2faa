using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>Takes what a <see cref="SegmentCoalescer"/> has put together.</summary>
public interface ISuperPacketOutput
{
    /// <summary>Hands one packet on.</summary>
    /// <param name="parts">Stretches of the coalescer's memory that make it; valid only during the call.</param>
    /// <param name="offload">How the kernel is to cut it, and which checksum to complete.</param>
    void Write(ReadOnlySpan<ByteRange> parts, in OffloadHeader offload);
}
