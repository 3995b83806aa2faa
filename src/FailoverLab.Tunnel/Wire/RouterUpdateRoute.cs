using System.Text.Json.Serialization;

namespace FailoverLab.Tunnel;

/// <summary>One route of a <see cref="RouterUpdate"/>.</summary>
public sealed record RouterUpdateRoute
{
    /// <summary>The endpoint behind which the prefix lies.</summary>
    [JsonPropertyName("endpoint_id")]
    public string EndpointId { get; init; } = "";

    /// <summary>Router to send to; absent where the sender itself is meant.</summary>
    [JsonPropertyName("next_hop")]
    public string? NextHop { get; init; }

    /// <summary>Less is better.</summary>
    [JsonPropertyName("metric")]
    public double Metric { get; init; }

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("timestamp")]
    public double Timestamp { get; init; }
}
