namespace FailoverLab.Control;

/// <summary>A device that registered with the controller.</summary>
public sealed record Device
{
    /// <summary>Its id.</summary>
    public required string DeviceId { get; init; }

    /// <summary><c>endpoint</c>, <c>router</c>, <c>load_balancer</c> or <c>business_server</c>.</summary>
    public required string DeviceType { get; init; }

    /// <summary>Its host name.</summary>
    public string? Hostname { get; init; }

    /// <summary>Address by which it is managed.</summary>
    public string? ManagementIp { get; init; }

    /// <summary>Names of its interfaces.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>Its IPv4 address in the tunnel network; endpoints and routers have one.</summary>
    public string? TunIPv4 { get; init; }

    /// <summary>Its IPv6 address in the tunnel network.</summary>
    public string? TunIPv6 { get; init; }

    /// <summary>What it last said about itself; <c>registered</c> before that.</summary>
    public string Status { get; init; } = "registered";

    /// <summary>When it was last heard.</summary>
    public required DateTimeOffset LastSeen { get; init; }
}
