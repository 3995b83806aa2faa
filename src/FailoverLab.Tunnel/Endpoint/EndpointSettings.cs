namespace FailoverLab.Tunnel;

/// <summary>What an <see cref="EndpointEngine"/> needs to know. Lists are in order of preference.</summary>
public sealed record EndpointSettings
{
    /// <summary>Largest number of tunnels; ids of one endpoint are its number × 100 + index.</summary>
    public const int MaxTunnels = 100;

    /// <summary>Its id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>Its number, 0..42949671.</summary>
    public required uint Number { get; init; }

    /// <summary>Random number of this run, not 0.</summary>
    public required ulong Session { get; init; }

    /// <summary>Names of the paths (WANs).</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The routers.</summary>
    public required IReadOnlyList<RouterTarget> Routers { get; init; }

    /// <summary>Prefixes behind this endpoint, its TUN addresses among them.</summary>
    public required IReadOnlyList<IpPrefix> Prefixes { get; init; }

    /// <summary>Detection of silence.</summary>
    public required PathTimers Timers { get; init; }

    /// <summary>Limits of quality.</summary>
    public PathSla Sla { get; init; } = PathSla.Default;

    /// <summary>How long a preferred path must have been alive before traffic returns to it, and the least time between such returns.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Which tunnel is chosen by its measures rather than by its place in the lists.</summary>
    public bool ByScore { get; init; }

    /// <summary>By how much a score must be better before a living tunnel is left for it, 0..1.</summary>
    public double DeadBand { get; init; } = 0.1;

    /// <summary>What keeps a flapping path from being returned to.</summary>
    public FlapDampening Dampening { get; init; } = FlapDampening.Default;

    /// <summary>How the data is carried.</summary>
    public DataMode Mode { get; init; }

    /// <summary>Weight of each path for <see cref="DataMode.Weighted"/>, above 0; <see langword="null"/> = all alike.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>How long a packet is kept for <see cref="DataMode.Replay"/>: longer than the detection time and a round trip.</summary>
    public TimeSpan ReplayWindow { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How quiet tunnels may be on which little depends.</summary>
    public KeepalivePacing Pacing { get; init; } = KeepalivePacing.Default;

    /// <summary>How long to wait at the start for the most preferred tunnel before taking the best there is.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the balancer's choice of a router overrides the order of <see cref="Routers"/>.</summary>
    public bool FollowBalancer { get; init; } = true;

    /// <summary>Tunnels: one per router and path.</summary>
    public int TunnelCount => Paths.Count * Routers.Count;
}
