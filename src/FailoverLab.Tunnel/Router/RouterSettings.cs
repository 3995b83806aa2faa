namespace FailoverLab.Tunnel;

/// <summary>What a <see cref="RouterEngine"/> needs to know.</summary>
public sealed record RouterSettings
{
    /// <summary>Its id.</summary>
    public required string RouterId { get; init; }

    /// <summary>Tunnel id of what it sends to other routers. Must not be an endpoint's.</summary>
    public required uint TunnelId { get; init; }

    /// <summary>Random number of this run, not 0.</summary>
    public required ulong Session { get; init; }

    /// <summary>UDP port of the other routers.</summary>
    public required ushort PeerPort { get; init; }

    /// <summary>Intervals of silence after which return traffic leaves a tunnel.</summary>
    public int Multiplier { get; init; } = 3;

    /// <summary>How long a return packet is kept for <see cref="DataMode.Replay"/>.</summary>
    public TimeSpan ReplayWindow { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Silence on all its tunnels after which an endpoint is forgotten.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Version spoken to other routers: 1 or 2.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Most tunnels kept; further ones are refused.</summary>
    public int MaxTunnels { get; init; } = 4096;
}
