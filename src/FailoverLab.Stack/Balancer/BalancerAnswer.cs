using System.Text.Json.Serialization;

namespace FailoverLab.Stack;

/// <summary>What an endpoint reads of the balancer's decision: either shape names one router.</summary>
internal sealed record BalancerAnswer
{
    [JsonPropertyName("primary_router_id")]
    public string? PrimaryRouterId { get; init; }

    [JsonPropertyName("optimal_router_id")]
    public string? OptimalRouterId { get; init; }
}
