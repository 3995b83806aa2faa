using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// One side's state of one tunnel, whichever version it speaks: numbers and seals what is sent, checks what is received, and agrees
/// on keys where the version has any. Time and datagrams in, datagrams out. Not thread-safe.
/// </summary>
public interface ITunnelChannel
{
    /// <summary>The header's tunnel id.</summary>
    uint TunnelId { get; }

    /// <summary>Version it speaks: 1 or 2. It never changes.</summary>
    int Version { get; }

    /// <summary>Whether <see cref="Seal"/> can seal now: always with version 1, only while there are keys with version 2.</summary>
    bool IsReady { get; }

    /// <summary>Authentic datagrams received; wraps.</summary>
    uint Received { get; }

    /// <summary>Highest sequence received, counted on over changes of keys; wraps.</summary>
    uint HighestReceived { get; }

    /// <summary>When <see cref="WriteDue"/> has something to send, monotonic ns; <see cref="long.MaxValue"/> when nothing is planned.</summary>
    long DueNs { get; }

    /// <summary>Suite and epoch in words, for the log; <see langword="null"/> without keys.</summary>
    string? Agreement { get; }

    /// <summary>Seals a datagram. The payload in <paramref name="frame"/> stays as it is, so it can be sealed for another tunnel too.</summary>
    /// <param name="frame">32 bytes of room for the header, then the payload; the room is overwritten.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="isIPv6">Whether a data payload is IPv6.</param>
    /// <param name="now">Time of sending.</param>
    /// <param name="room">At least as long as the frame and not overlapping it; a version that encrypts writes the datagram here.</param>
    /// <returns>What to send: the frame itself or a part of <paramref name="room"/>; empty when there are no keys.</returns>
    ReadOnlySpan<byte> Seal(Span<byte> frame, PacketType type, bool isIPv6, in TunnelTime now, Span<byte> room);

    /// <summary>Checks a datagram, marks it as received and decrypts it in place.</summary>
    /// <param name="datagram">The whole datagram, with this tunnel's id; its content is undefined when it is refused.</param>
    /// <param name="now">Time of receiving.</param>
    /// <param name="header">Its header. With version 2 the sequence counts on over changes of keys, and the timestamp is that of the handshake that gave the keys.</param>
    /// <returns>Whether there is a payload to take. A refusal was counted; a datagram of the handshake was dealt with.</returns>
    bool TryAccept(Span<byte> datagram, in TunnelTime now, out TunnelHeader header);

    /// <summary>Writes what the channel itself has to send: a part of the handshake.</summary>
    /// <param name="buffer">At least 256 bytes.</param>
    /// <param name="now">Both clocks.</param>
    /// <returns>Length of the datagram to send; 0 when nothing is due.</returns>
    int WriteDue(Span<byte> buffer, in TunnelTime now);

    /// <summary>The peer is not heard: it may have restarted and lost its keys, so new ones are asked for, with back-off, until it is heard.</summary>
    void OnSilence(in TunnelTime now);

    /// <summary>The link is up again: what is awaited from the peer is asked for at once, not at the next retry.</summary>
    void Hasten(in TunnelTime now);

    /// <summary>Gives a sealed datagram that was not sent its payload back, so that it can be sealed for another tunnel.</summary>
    /// <param name="datagram">As <see cref="Seal"/> returned it, lately.</param>
    /// <returns>Whether it could; if not, the datagram is lost.</returns>
    bool TryUnseal(Span<byte> datagram);
}
