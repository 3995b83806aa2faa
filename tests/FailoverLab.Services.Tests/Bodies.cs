namespace FailoverLab.Services.Tests;

/// <summary>Bodies as clients send them.</summary>
internal static class Bodies
{
    public const string Metrics = """
        {"server_id":"router_1","server_name":"Routing Server 1","timestamp":1699660800.0,"cpu_percent":25.5,"memory_percent":45.2,"bandwidth_mbps":150.3,
         "active_tunnels":5,"total_rx_packets":1000000,"total_tx_packets":950000,"internal_ip":"192.0.2.251","external_ip":"2001:db8::c0a8:1fb"}
        """;

    public const string Register = """{"device_id":"endpoint_1","device_type":"endpoint","hostname":"h","management_ip":"127.0.0.1","interfaces":["eth0",{"name":"eth1"}]}""";

    public const string Config = """{"device_id":"endpoint_1","config_type":"full","config_data":{"a":[1,2,{"b":null}]}}""";

    public const string Status = """{"device_id":"endpoint_1","status":"fine","timestamp":1.5}""";

    public const string Allocate = """{"endpoint_id":"endpoint_1"}""";

    /// <summary>A report of one router.</summary>
    public static string Report(string id, double cpu) =>
        FormattableString.Invariant($$"""{"server_id":"{{id}}","cpu_percent":{{cpu}},"memory_percent":10,"bandwidth_mbps":10,"active_tunnels":1}""");
}
