using System.Net;

namespace FailoverLab.Dataplane;

/// <summary>A non-blocking UDP socket as packet loops use it. One thread at a time may send, one may receive.</summary>
public interface IDatagramSocket : IDisposable
{
    /// <summary>The address and port this socket is bound to.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Sends one datagram.</summary>
    /// <param name="payload">UDP payload; not kept.</param>
    /// <param name="destination">Where to; same address family as the socket.</param>
    SendOutcome Send(ReadOnlySpan<byte> payload, in DatagramAddress destination);

    /// <summary>Takes one waiting datagram.</summary>
    /// <param name="buffer">Receives the payload; a longer datagram is cut.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="length">Bytes written to <paramref name="buffer"/>.</param>
    /// <returns>Whether a datagram was waiting.</returns>
    bool TryReceive(Span<byte> buffer, out DatagramAddress source, out int length);
}
