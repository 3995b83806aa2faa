namespace FailoverLab.Services;

/// <summary>Members of the balancer's bodies and answers.</summary>
internal static class BalancerFields
{
    public const double Far = 1e15;

    public static readonly ApiField ServerId = ApiField.Text("server_id", "id of the router that reports");
    public static readonly ApiField ServerName = ApiField.Text("server_name", "its name").OrNull();
    public static readonly ApiField Timestamp = ApiField.Number("timestamp", "its clock, Unix seconds; not used", -Far, Far).OrNull();
    public static readonly ApiField Cpu = ApiField.Number("cpu_percent", "share of its processors in use", 0, 100);
    public static readonly ApiField Memory = ApiField.Number("memory_percent", "share of its memory in use", 0, 100);
    public static readonly ApiField Bandwidth = ApiField.Number("bandwidth_mbps", "Mbit/s it sends", 0, Far);
    public static readonly ApiField Tunnels = ApiField.Number("active_tunnels", "tunnels it serves", 0, int.MaxValue);
    public static readonly ApiField Received = ApiField.Number("total_rx_packets", "packets received; not used", 0, double.MaxValue).OrNull();
    public static readonly ApiField Sent = ApiField.Number("total_tx_packets", "packets sent; not used", 0, double.MaxValue).OrNull();
    public static readonly ApiField InternalIp = ApiField.Text("internal_ip", "inner address").OrNull();
    public static readonly ApiField ExternalIp = ApiField.Text("external_ip", "outer address").OrNull();

    public static readonly IReadOnlyList<ApiField> Report = [ServerId, ServerName, Timestamp, Cpu, Memory, Bandwidth, Tunnels, Received, Sent, InternalIp, ExternalIp];

    public static readonly IReadOnlyList<ApiField> Reported = [ApiField.Text("status", "'ok'"), ApiField.Number("score", "the router's score; more is freer")];

    public static readonly IReadOnlyList<ApiField> Decision =
    [
        .. Router("optimal_router", "the router to use"),
        ApiField.Text("business_server_ip", "as the business server registered, else as configured").OrNull(),
        ApiField.Number("score", "its score"),
        ApiField.Number("timestamp", "now, Unix seconds"),
        .. Router("primary_router", "the router to use, once more"),
        ApiField.Number("primary_score", "its score"),
        .. Router("backup_router", "the next best; null when only one is left"),
        ApiField.Number("backup_score", "its score").OrNull(),
        .. Router("previous_primary_router", "the one before, when this decision changed it"),
        ApiField.List("routers", "all routers that count, best first", ApiField.Text("router_id", "its id"), InternalIp, ExternalIp, ApiField.Number("score", "its score")),
    ];

    public static readonly IReadOnlyList<ApiField> Status =
    [
        ApiField.Number("timestamp", "now, Unix seconds"),
        ApiField.Number("total_servers", "routers known"),
        ApiField.Number("active_servers", "routers that count"),
        ApiField.List(
            "servers",
            "routers by id",
            ServerId,
            ApiField.Text("server_name", "its name"),
            ApiField.Text("status", "whether its report still counts") with { Words = ["active", "stale"] },
            Cpu,
            Memory,
            Bandwidth,
            Tunnels,
            ApiField.Number("score", "its score"),
            InternalIp,
            ExternalIp,
            ApiField.Number("age_seconds", "age of its report")),
        ApiField.Number("active_decisions", "endpoints that have a decision"),
    ];

    private static IEnumerable<ApiField> Router(string prefix, string about) =>
        [ApiField.Text($"{prefix}_id", about).OrNull(), ApiField.Text($"{prefix}_internal_ip", "its inner address").OrNull(), ApiField.Text($"{prefix}_external_ip", "its outer address").OrNull()];
}
