namespace FailoverLab.Tunnel;

/// <summary>What an endpoint knows about one of its tunnels.</summary>
internal sealed class EndpointTunnel
{
    private readonly byte[] _room;

    /// <param name="index">Index of the tunnel.</param>
    /// <param name="router">Index of its router.</param>
    /// <param name="path">Index of its path.</param>
    /// <param name="channel">Its keys and numbers.</param>
    /// <param name="monitor">Its path's health.</param>
    /// <param name="damper">How often it flapped.</param>
    /// <param name="room">Where datagrams are encrypted; shared by the tunnels of one engine.</param>
    public EndpointTunnel(int index, int router, int path, ITunnelChannel channel, PathMonitor monitor, FlapDamper damper, byte[] room)
    {
        Index = index;
        Router = router;
        Path = path;
        Channel = channel;
        Monitor = monitor;
        Damper = damper;
        _room = room;
    }

    public int Index { get; }

    public int Router { get; }

    public int Path { get; }

    public ITunnelChannel Channel { get; }

    public PathMonitor Monitor { get; }

    /// <summary>Tag of its router.</summary>
    public required uint RouterTag { get; init; }

    public FlapDamper Damper { get; }

    /// <summary>Whether it was dead and has not been found alive since.</summary>
    public bool WasDead { get; set; }

    /// <summary>Session the router wrote in its last keepalive; 0 = none yet.</summary>
    public ulong RouterSession { get; set; }

    /// <summary>When the router was last told the prefixes on it, and how long to wait before it is told once more.</summary>
    public long AdvertisedNs { get; set; }

    public long AdvertiseGapNs { get; set; }

    /// <summary>The router's clock in its last keepalive, and when that came.</summary>
    public long EchoNs { get; set; }

    public long EchoReceivedNs { get; set; }

    /// <summary>As policies see it.</summary>
    public TunnelCandidate AsCandidate(EndpointSettings settings) => new(Router, Path, Monitor.Health, Monitor.AliveSinceNs, Monitor.Reason, Monitor.Penalty)
    {
        Score = settings.ByScore ? ScorePolicy.Score(Monitor, settings.Sla) : 0,
        DampedUntilNs = Damper.DampedUntilNs,
    };

    /// <summary>Seals and sends.</summary>
    /// <param name="frame">Room for the header, then the payload, which stays as it is.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="isIPv6">Whether a data payload is IPv6.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="output">Where it goes.</param>
    /// <returns>Whether there are keys, and a way as far as is known.</returns>
    public bool Send(Span<byte> frame, PacketType type, bool isIPv6, in TunnelTime now, IEndpointOutput output)
    {
        var datagram = Channel.Seal(frame, type, isIPv6, now, _room);
        return !datagram.IsEmpty && output.SendDatagram(Index, datagram);
    }

    /// <summary>Sends what the handshake has to send.</summary>
    public void SendHandshake(in TunnelTime now, IEndpointOutput output)
    {
        while (Channel.DueNs <= now.MonotonicNs && Channel.WriteDue(_room, now) is > 0 and var length)
        {
            // Whether there is a way is for the keepalives to find out.
            _ = output.SendDatagram(Index, _room.AsSpan(0, length));
        }
    }
}
