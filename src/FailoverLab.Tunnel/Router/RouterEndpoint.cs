namespace FailoverLab.Tunnel;

/// <summary>What a router knows about one endpoint.</summary>
internal sealed class RouterEndpoint
{
    public RouterEndpoint(uint number) => Number = number;

    public uint Number { get; }

    public string? Id { get; set; }

    /// <summary>Its tunnels, lowest id first: the endpoint numbers them in order of preference.</summary>
    public SortedList<uint, RouterTunnel> Tunnels { get; } = [];

    /// <summary>Prefixes behind it.</summary>
    public IpPrefix[] Prefixes { get; set; } = [];

    /// <summary>Whether its newest activation is ours.</summary>
    public bool IsActive { get; set; }

    /// <summary>The tunnel its newest activation named; <see langword="null"/> while inactive.</summary>
    public RouterTunnel? Activated { get; set; }

    /// <summary>The tunnel its return traffic takes; <see langword="null"/> while none is known to live.</summary>
    public RouterTunnel? Return { get; set; }

    /// <summary>How its data is carried, both ways; and over which tunnel a second copy goes.</summary>
    public RouterData Data { get; } = new();

    public uint ActivationNumber { get; set; }

    public double ActivationTimestamp { get; set; }

    /// <summary>Random number of its present run; 0 for a foreign peer.</summary>
    public ulong Session { get; set; }

    /// <summary>The run before it: what comes late from there counts for nothing.</summary>
    public ulong SessionBefore { get; set; }

    public uint LatestMs { get; set; }

    /// <summary>Whether it told nothing of itself but that it lives: a foreign peer of version 1, which may have nothing to say.</summary>
    public bool IsSilent => Prefixes.Length == 0 && Session == 0;

    /// <summary>The endpoint stood still: all its tunnels fell silent for it, and none of them is to be left.</summary>
    public void NotePause(in KeepalivePayload peer, PathMonitor heard, long nowNs)
    {
        for (var i = 0; i < Tunnels.Count; i++)
        {
            Tunnels.Values[i].Monitor.OnPeerPaused(peer, heard, nowNs);
        }
    }

    public bool Owns(in InnerPacket inner)
    {
        foreach (var prefix in Prefixes)
        {
            if (prefix.IsIPv6 == inner.IsIPv6 && prefix.Contains(inner.Source))
            {
                return true;
            }
        }

        return false;
    }
}
