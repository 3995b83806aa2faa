using System.Text.Json.Serialization;

namespace FailoverLab.Tunnel;

/// <summary>IP_ALLOC_RESPONSE.</summary>
public sealed record AllocationResponse
{
    /// <summary>Which endpoint.</summary>
    [JsonPropertyName("endpoint_id")]
    public string EndpointId { get; init; } = "";

    /// <summary>Whether the subnets below are given.</summary>
    [JsonPropertyName("success")]
    public bool Success { get; init; }

    /// <summary>IPv4 subnet of the endpoint.</summary>
    [JsonPropertyName("subnet_ipv4")]
    public string? SubnetIPv4 { get; init; }

    /// <summary>IPv6 subnet of the endpoint.</summary>
    [JsonPropertyName("subnet_ipv6")]
    public string? SubnetIPv6 { get; init; }

    /// <summary>First host of the IPv4 subnet.</summary>
    [JsonPropertyName("gateway_ipv4")]
    public string? GatewayIPv4 { get; init; }

    /// <summary>First host of the IPv6 subnet.</summary>
    [JsonPropertyName("gateway_ipv6")]
    public string? GatewayIPv6 { get; init; }

    /// <summary>Why not, when <see cref="Success"/> is false.</summary>
    [JsonPropertyName("error_message")]
    public string? ErrorMessage { get; init; }
}
