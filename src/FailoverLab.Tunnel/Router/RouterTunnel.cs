using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>What a router knows about one tunnel of an endpoint (or about another router).</summary>
internal sealed class RouterTunnel
{
    private static readonly PathTimers Unknown = new(10_000_000_000, 3);

    private uint _intervalUs;

    public RouterTunnel(TunnelChannel channel) => Channel = channel;

    public TunnelChannel Channel { get; }

    public PathMonitor Monitor { get; private set; } = new(Unknown, PathSla.Default);

    public DatagramAddress Address { get; set; }

    public RouterEndpoint? Endpoint { get; set; }

    /// <summary>The endpoint's name of the path; <see langword="null"/> when it never said.</summary>
    public string? Path { get; set; }

    /// <summary>Whether the peer has shown that it talks to this run of this router.</summary>
    public bool IsConfirmed { get; set; }

    public long LastHeardNs { get; set; } = long.MinValue;

    public ulong Session { get; set; }

    public bool IsAlive => Monitor.Health != PathHealth.Dead;

    /// <summary>Takes over the endpoint's keepalive interval.</summary>
    public void UseInterval(uint intervalUs, int multiplier)
    {
        if (intervalUs != _intervalUs && intervalUs > 0)
        {
            _intervalUs = intervalUs;
            Monitor = new PathMonitor(new PathTimers(intervalUs * 1000L, multiplier), PathSla.Default);
        }
    }
}
