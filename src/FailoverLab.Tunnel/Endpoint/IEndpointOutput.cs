namespace FailoverLab.Tunnel;

/// <summary>What an <see cref="EndpointEngine"/> does to the world. Called on the engine's thread, within its calls.</summary>
public interface IEndpointOutput
{
    /// <summary>Sends a datagram.</summary>
    /// <param name="tunnel">Index of the tunnel: router index × number of paths + path index.</param>
    /// <param name="datagram">Whole datagram; valid only during the call.</param>
    /// <returns>
    /// Whether there is a way at all; a full queue counts as one. An output that collects data says what it knows, and hands in
    /// <see cref="EndpointEngine.OnUnreachable"/> and the packets again when there turns out to be none.
    /// </returns>
    bool SendDatagram(int tunnel, ReadOnlySpan<byte> datagram);

    /// <summary>Hands an inner packet to the local side.</summary>
    /// <param name="packet">Whole IP packet; valid only during the call.</param>
    void WriteTun(ReadOnlySpan<byte> packet);

    /// <summary>Reports an event.</summary>
    void Report(StackEvent stackEvent);
}
