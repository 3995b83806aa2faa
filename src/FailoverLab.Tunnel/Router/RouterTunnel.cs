using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>What a router knows about one tunnel of an endpoint (or about another router).</summary>
internal sealed class RouterTunnel
{
    private const long UnknownIntervalNs = 10_000_000_000;

    private readonly byte[] _room;

    public RouterTunnel(ITunnelChannel channel, int multiplier, StallGuard stall, byte[] room)
    {
        _room = room;
        Channel = channel;
        Monitor = new PathMonitor(new PathTimers(UnknownIntervalNs, multiplier), PathSla.Default, stall);
    }

    /// <summary>Its keys and numbers; another object when the peer begins to speak version 2.</summary>
    public ITunnelChannel Channel { get; set; }

    /// <summary>The keys last reported.</summary>
    public string? Agreement { get; set; }

    public PathMonitor Monitor { get; }

    public DatagramAddress Address { get; set; }

    public RouterEndpoint? Endpoint { get; set; }

    /// <summary>The endpoint's name of the path; <see langword="null"/> when it never said.</summary>
    public string? Path { get; set; }

    /// <summary>Whether the peer has shown that it talks to this run of this router.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Whether the endpoint's present run has told its prefixes on it.</summary>
    public bool IsAdvertised { get; set; }

    public long LastHeardNs { get; set; } = long.MinValue;

    public ulong Session { get; set; }

    /// <summary>Seals and sends; without keys nothing is sent.</summary>
    /// <param name="frame">Room for the header, then the payload, which stays as it is.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="isIPv6">Whether a data payload is IPv6.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="output">Where it goes.</param>
    public void Send(Span<byte> frame, PacketType type, bool isIPv6, in TunnelTime now, IRouterOutput output)
    {
        var datagram = Channel.Seal(frame, type, isIPv6, now, _room);
        if (!datagram.IsEmpty)
        {
            output.SendDatagram(datagram, Address);
        }
    }

    public bool IsAlive => Monitor.Health != PathHealth.Dead;
}
