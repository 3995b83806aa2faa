using System.Net;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>A validated <c>routing_server.yaml</c>.</summary>
public sealed record RouterConfig
{
    /// <summary>Its id.</summary>
    public required string ServerId { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Tunnel id of what it sends to other routers.</summary>
    public required uint TunnelId { get; init; }

    /// <summary>Address to listen on; <c>::</c> listens on IPv4 too.</summary>
    public required IPAddress BindAddress { get; init; }

    /// <summary>UDP port to listen on, and of the other routers.</summary>
    public required ushort BindPort { get; init; }

    /// <summary>Its inner address, for the balancer.</summary>
    public required string InternalIp { get; init; }

    /// <summary>Its outer address, for the balancer.</summary>
    public required string ExternalIp { get; init; }

    /// <summary>Interface whose traffic is reported.</summary>
    public string? EgressInterface { get; init; }

    /// <summary>Whether what leaves by <see cref="EgressInterface"/> gets that interface's address (NAT).</summary>
    public bool Nat { get; init; }

    /// <summary>Interface of the core network on which the gateway is claimed; <see langword="null"/> claims nothing.</summary>
    public string? CoreInterface { get; init; }

    /// <summary>Gateway addresses to claim while active.</summary>
    public required IReadOnlyList<IPAddress> Gateways { get; init; }

    /// <summary>The pre-shared key.</summary>
    public required string PreSharedKey { get; init; }

    /// <summary>Own keys by endpoint number, for version 2.</summary>
    public required IReadOnlyDictionary<uint, string> PeerKeys { get; init; }

    /// <summary>Least version of the tunnel it takes: 1 or 2.</summary>
    public required int MinVersion { get; init; }

    /// <summary>Version it speaks to other routers: 1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>Name of the TUN interface.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>Addresses of the TUN interface.</summary>
    public required IReadOnlyList<InterfaceAddress> TunAddresses { get; init; }

    /// <summary>Intervals of silence after which return traffic leaves a tunnel.</summary>
    public required int Multiplier { get; init; }

    /// <summary>Silence after which an endpoint is forgotten.</summary>
    public required TimeSpan PeerTimeout { get; init; }

    /// <summary>Networks from which endpoints get a subnet each.</summary>
    public required IReadOnlyList<IpPrefix> AllocationPools { get; init; }

    /// <summary>Silence after which an endpoint's subnet is free again.</summary>
    public TimeSpan AllocationTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The balancer; <see langword="null"/> for none.</summary>
    public BalancerClientConfig? Balancer { get; init; }
}
