namespace FailoverLab.Tunnel;

/// <summary>What an endpoint knows about one of its tunnels.</summary>
internal sealed class EndpointTunnel
{
    public EndpointTunnel(int index, int router, int path, TunnelChannel channel, PathMonitor monitor, FlapDamper damper)
    {
        Index = index;
        Router = router;
        Path = path;
        Channel = channel;
        Monitor = monitor;
        Damper = damper;
    }

    public int Index { get; }

    public int Router { get; }

    public int Path { get; }

    public TunnelChannel Channel { get; }

    public PathMonitor Monitor { get; }

    /// <summary>Tag of its router.</summary>
    public required uint RouterTag { get; init; }

    public FlapDamper Damper { get; }

    /// <summary>Whether it was dead and has not been found alive since.</summary>
    public bool WasDead { get; set; }

    /// <summary>Session the router wrote in its last keepalive; 0 = none yet.</summary>
    public ulong RouterSession { get; set; }

    /// <summary>The router's clock in its last keepalive, and when that came.</summary>
    public long EchoNs { get; set; }

    public long EchoReceivedNs { get; set; }
}
