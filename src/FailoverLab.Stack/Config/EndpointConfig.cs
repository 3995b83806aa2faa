using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>A validated <c>network_access_endpoint.yaml</c>.</summary>
public sealed record EndpointConfig
{
    /// <summary>Its id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>Its number, from which tunnel ids are made.</summary>
    public required uint Number { get; init; }

    /// <summary>The pre-shared key.</summary>
    public required string PreSharedKey { get; init; }

    /// <summary>Version of the tunnel it speaks: 1 or 2, and no other.</summary>
    public required int Version { get; init; }

    /// <summary>Name of the TUN interface.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>Addresses of the TUN interface.</summary>
    public required IReadOnlyList<InterfaceAddress> TunAddresses { get; init; }

    /// <summary>UDP port of the routers.</summary>
    public required ushort Port { get; init; }

    /// <summary>Detection of silence.</summary>
    public required PathTimers Timers { get; init; }

    /// <summary>Limits of quality.</summary>
    public required PathSla Sla { get; init; }

    /// <summary>How tunnels are chosen and data is carried.</summary>
    public required PolicyConfig Policy { get; init; }

    /// <summary>Destinations routed into the tunnel.</summary>
    public required IReadOnlyList<IpPrefix> Routes { get; init; }

    /// <summary>Prefixes behind the endpoint, told to the routers.</summary>
    public required IReadOnlyList<IpPrefix> Advertised { get; init; }

    /// <summary>WANs in order of preference; at least one.</summary>
    public required IReadOnlyList<WanInterface> Wans { get; init; }

    /// <summary>Routers in order of preference; at least one.</summary>
    public required IReadOnlyList<RouterAddress> Routers { get; init; }

    /// <summary>Whether the balancer's choice of a router goes before the order in the file.</summary>
    public required bool FollowBalancer { get; init; }

    /// <summary>The balancer; <see langword="null"/> for none.</summary>
    public BalancerClientConfig? Balancer { get; init; }
}
