using System.Text.Json.Serialization;

namespace FailoverLab.Stack;

/// <summary>What a router posts to the balancer's <c>/metrics</c>.</summary>
internal sealed record RouterMetrics
{
    [JsonPropertyName("server_id")]
    public required string ServerId { get; init; }

    [JsonPropertyName("server_name")]
    public required string ServerName { get; init; }

    [JsonPropertyName("timestamp")]
    public required double Timestamp { get; init; }

    [JsonPropertyName("cpu_percent")]
    public required double CpuPercent { get; init; }

    [JsonPropertyName("memory_percent")]
    public required double MemoryPercent { get; init; }

    [JsonPropertyName("bandwidth_mbps")]
    public required double BandwidthMbps { get; init; }

    [JsonPropertyName("active_tunnels")]
    public required int ActiveTunnels { get; init; }

    [JsonPropertyName("total_rx_packets")]
    public required long TotalRxPackets { get; init; }

    [JsonPropertyName("total_tx_packets")]
    public required long TotalTxPackets { get; init; }

    [JsonPropertyName("internal_ip")]
    public required string InternalIp { get; init; }

    [JsonPropertyName("external_ip")]
    public required string ExternalIp { get; init; }
}
