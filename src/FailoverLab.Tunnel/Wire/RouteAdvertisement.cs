using System.Text.Json.Serialization;

namespace FailoverLab.Tunnel;

/// <summary>ROUTE_ADVERTISEMENT: the prefixes behind an endpoint, so that a router has its kernel routes in place before it becomes active.</summary>
public sealed record RouteAdvertisement
{
    /// <summary>Which endpoint.</summary>
    [JsonPropertyName("endpoint_id")]
    public string EndpointId { get; init; } = "";

    /// <summary>IPv4 prefixes.</summary>
    [JsonPropertyName("routes_ipv4")]
    public IReadOnlyList<string> RoutesIPv4 { get; init; } = [];

    /// <summary>IPv6 prefixes.</summary>
    [JsonPropertyName("routes_ipv6")]
    public IReadOnlyList<string> RoutesIPv6 { get; init; } = [];

    /// <summary>Ours: the endpoint's name of the path this tunnel uses.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; init; }

    /// <summary>The router it is meant for.</summary>
    [JsonPropertyName("router_id")]
    public string? RouterId { get; init; }

    /// <summary>Ours: the endpoint's present run, as in its keepalives; 0 from a foreign endpoint. One of the run before counts for nothing.</summary>
    [JsonPropertyName("session")]
    public ulong Session { get; init; }
}
