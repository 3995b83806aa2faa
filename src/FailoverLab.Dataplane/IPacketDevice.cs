namespace FailoverLab.Dataplane;

/// <summary>
/// A device that gives and takes whole packets: a TUN interface (IP packets) or one side of a link (Ethernet frames).
/// Non-blocking. One thread at a time may read, one may write.
/// </summary>
public interface IPacketDevice : IDisposable
{
    /// <summary>Interface name, 1..15 characters.</summary>
    string Name { get; }

    /// <summary>Takes one waiting packet.</summary>
    /// <param name="buffer">Receives the packet; must hold the device's MTU and link header.</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="receivedRealtimeNs">The kernel's receive stamp, CLOCK_REALTIME ns; 0 where the device has none.</param>
    /// <returns>Whether a packet was waiting.</returns>
    bool TryRead(Span<byte> buffer, out int length, out long receivedRealtimeNs);

    /// <summary>Hands one packet to the kernel.</summary>
    /// <param name="packet">A whole packet; not kept.</param>
    SendOutcome Write(ReadOnlySpan<byte> packet);
}
