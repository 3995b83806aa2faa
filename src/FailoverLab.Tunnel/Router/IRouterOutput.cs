using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>What a <see cref="RouterEngine"/> does to the world. Called on the engine's thread, within its calls.</summary>
public interface IRouterOutput
{
    /// <summary>Sends a datagram; a failure is the output's to count.</summary>
    /// <param name="datagram">Whole datagram; valid only during the call.</param>
    /// <param name="destination">A peer's address.</param>
    void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination);

    /// <summary>Hands an inner packet to the kernel.</summary>
    /// <param name="packet">Whole IP packet; valid only during the call.</param>
    void WriteTun(ReadOnlySpan<byte> packet);

    /// <summary>Reports an event.</summary>
    void Report(StackEvent stackEvent);

    /// <summary>Has the kernel route a prefix into the TUN.</summary>
    void AddRoute(in IpPrefix prefix);

    /// <summary>Undoes <see cref="AddRoute"/>.</summary>
    void RemoveRoute(in IpPrefix prefix);

    /// <summary>Answers for the gateway addresses from now on, and says so on the core network.</summary>
    void ClaimGateway();

    /// <summary>Stops answering for the gateway addresses.</summary>
    void ReleaseGateway();
}
