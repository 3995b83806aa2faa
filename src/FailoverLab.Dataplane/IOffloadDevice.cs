namespace FailoverLab.Dataplane;

/// <summary>
/// A device that gives and takes IP packets up to 64 KiB, each with a word on what is left to be done to it. Non-blocking. One thread
/// at a time may read, one may write.
/// </summary>
public interface IOffloadDevice : IDisposable
{
    /// <summary>Interface name, 1..15 characters.</summary>
    string Name { get; }

    /// <summary>Takes one waiting packet.</summary>
    /// <param name="buffer">Receives it; 65,535 bytes hold any.</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="offload">What is left to be done to it.</param>
    /// <returns>Whether a packet was waiting.</returns>
    bool TryRead(Span<byte> buffer, out int length, out OffloadHeader offload);

    /// <summary>Hands one packet to the kernel.</summary>
    /// <param name="memory">Memory its parts are in; not kept.</param>
    /// <param name="parts">1..<see cref="MaxParts"/> stretches that make the packet in this order.</param>
    /// <param name="offload">What is left to be done to it.</param>
    SendOutcome Write(ReadOnlySpan<byte> memory, ReadOnlySpan<ByteRange> parts, in OffloadHeader offload);

    /// <summary>Most parts of one packet.</summary>
    const int MaxParts = 64;
}
