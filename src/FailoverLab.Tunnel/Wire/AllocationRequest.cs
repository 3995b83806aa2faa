using System.Text.Json.Serialization;

namespace FailoverLab.Tunnel;

/// <summary>IP_ALLOC_REQUEST: an endpoint asks a router for its subnets.</summary>
public sealed record AllocationRequest
{
    /// <summary>Which endpoint.</summary>
    [JsonPropertyName("endpoint_id")]
    public string EndpointId { get; init; } = "";

    /// <summary>Whether it had subnets before.</summary>
    [JsonPropertyName("reconnect")]
    public bool Reconnect { get; init; }

    /// <summary>Which.</summary>
    [JsonPropertyName("previous_subnet")]
    public string? PreviousSubnet { get; init; }
}
