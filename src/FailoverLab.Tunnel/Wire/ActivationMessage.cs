using System.Text.Json.Serialization;

namespace FailoverLab.Tunnel;

/// <summary>
/// ENDPOINT_ACTIVATION. With <see cref="Active"/> an endpoint makes the tunnel it came on the one for its return traffic; without,
/// the new router tells the previous one that the endpoint has left. The keys after <see cref="Timestamp"/> are ours: a peer that
/// does not know them neither sends nor needs them.
/// </summary>
public sealed record ActivationMessage
{
    /// <summary>Which endpoint.</summary>
    [JsonPropertyName("endpoint_id")]
    public string EndpointId { get; init; } = "";

    /// <summary>IPv4 prefixes behind it.</summary>
    [JsonPropertyName("routes_ipv4")]
    public IReadOnlyList<string> RoutesIPv4 { get; init; } = [];

    /// <summary>IPv6 prefixes behind it.</summary>
    [JsonPropertyName("routes_ipv6")]
    public IReadOnlyList<string> RoutesIPv6 { get; init; } = [];

    /// <summary>The router that was active before; the receiver's own id when only the tunnel changes; absent at first.</summary>
    [JsonPropertyName("previous_router_id")]
    public string? PreviousRouterId { get; init; }

    /// <summary>That router's address, to which the new router sends the deactivation.</summary>
    [JsonPropertyName("previous_router_ip")]
    public string? PreviousRouterIp { get; init; }

    /// <summary>Activation or deactivation.</summary>
    [JsonPropertyName("active")]
    public bool Active { get; init; }

    /// <summary>Unix seconds of the decision. The newest wins where <see cref="Number"/> is absent.</summary>
    [JsonPropertyName("timestamp")]
    public double Timestamp { get; init; }

    /// <summary>The router it is meant for.</summary>
    [JsonPropertyName("router_id")]
    public string? RouterId { get; init; }

    /// <summary>Number of the activation in the endpoint's present run, from 1. The highest wins.</summary>
    [JsonPropertyName("number")]
    public uint Number { get; init; }

    /// <summary>The endpoint's name of the path the tunnel uses.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; init; }

    /// <summary>Id that all events of one switch share. The acknowledgement carries it back.</summary>
    [JsonPropertyName("correlation")]
    public string? Correlation { get; init; }

    /// <summary>The endpoint's present run, as in its keepalives; 0 from a foreign endpoint.</summary>
    [JsonPropertyName("session")]
    public ulong Session { get; init; }
}
