using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>What a router knows about one tunnel of an endpoint (or about another router).</summary>
internal sealed class RouterTunnel
{
    private const long UnknownIntervalNs = 10_000_000_000;

    public RouterTunnel(TunnelChannel channel, int multiplier)
    {
        Channel = channel;
        Monitor = new PathMonitor(new PathTimers(UnknownIntervalNs, multiplier), PathSla.Default);
    }

    public TunnelChannel Channel { get; }

    public PathMonitor Monitor { get; }

    public DatagramAddress Address { get; set; }

    public RouterEndpoint? Endpoint { get; set; }

    /// <summary>The endpoint's name of the path; <see langword="null"/> when it never said.</summary>
    public string? Path { get; set; }

    /// <summary>Whether the peer has shown that it talks to this run of this router.</summary>
    public bool IsConfirmed { get; set; }

    public long LastHeardNs { get; set; } = long.MinValue;

    public ulong Session { get; set; }

    public bool IsAlive => Monitor.Health != PathHealth.Dead;
}
