using FailoverLab.Control;

namespace FailoverLab.Services;

/// <summary>Members of the controller's bodies and answers.</summary>
internal static class ControllerFields
{
    public static readonly ApiField DeviceId = ApiField.Text("device_id", "id of the device");
    public static readonly ApiField DeviceType = ApiField.Text("device_type", "kind of the device") with { Words = DeviceTypes.All };
    public static readonly ApiField Hostname = ApiField.Text("hostname", "its host name").OrNull();
    public static readonly ApiField ManagementIp = ApiField.Text("management_ip", "address by which it is managed").OrNull();
    public static readonly ApiField Interfaces = new ApiField("interfaces", "array", "names of its interfaces, or objects with a 'name'; at most 64").OrNull();
    public static readonly ApiField ConfigType = ApiField.Text("config_type", "part that the configuration is of") with { Words = ["tunnel", "routing", "full"] };
    public static readonly ApiField ConfigData = new ApiField("config_data", "", "what is pushed to the device").OrNull();
    public static readonly ApiField Status = ApiField.Text("status", "what the device says of itself");
    public static readonly ApiField Timestamp = ApiField.Number("timestamp", "its clock, Unix seconds; not used", -1e15, 1e15).OrNull();
    public static readonly ApiField Metrics = new ApiField("metrics", "", "not used").OrNull();
    public static readonly ApiField OwnerId = DeviceId.OrNull();
    public static readonly ApiField EndpointId = ApiField.Text("endpoint_id", "the same, as some clients name it").OrNull();

    private static readonly ApiField TunIPv4 = ApiField.Text("tun_ipv4", "its IPv4 address in the tunnel network").OrNull();
    private static readonly ApiField TunIPv6 = ApiField.Text("tun_ipv6", "its IPv6 address in the tunnel network").OrNull();

    public static readonly IReadOnlyList<ApiField> Registration = [DeviceId, DeviceType, Hostname, ManagementIp, Interfaces];

    public static readonly IReadOnlyList<ApiField> Registered =
    [
        ApiField.Text("status", "'registered'"),
        DeviceId,
        new("config", "object", "what the device begins with")
        {
            Members = [TunIPv4, TunIPv6, ApiField.Text("tunnel_psk", "key of the tunnels"), ApiField.Number("tunnel_port", "UDP port of the tunnels")],
        },
    ];

    public static readonly IReadOnlyList<ApiField> Configuration = [DeviceId, ConfigType, ConfigData];

    public static readonly IReadOnlyList<ApiField> StatusReport = [DeviceId, Status, Timestamp, Metrics];

    public static readonly IReadOnlyList<ApiField> Acknowledged = [ApiField.Text("status", "'ok'"), DeviceId];

    public static readonly IReadOnlyList<ApiField> Device =
    [
        DeviceId,
        DeviceType,
        Hostname,
        ManagementIp,
        new("interfaces", "array", "names of its interfaces"),
        TunIPv4,
        TunIPv6,
        Status,
        new("online", "boolean", "whether it was heard within a minute"),
        ApiField.Number("last_seen", "when it was last heard, Unix seconds"),
        ApiField.Number("last_seen_ago", "how long ago, seconds"),
    ];

    public static readonly IReadOnlyList<ApiField> Devices = [ApiField.Number("total_devices", "how many"), ApiField.List("devices", "devices by id", Device)];

    public static readonly IReadOnlyList<ApiField> Topology =
    [
        ApiField.List("endpoints", "endpoints by id", Device),
        ApiField.List("routers", "routers by id", Device),
        new ApiField("load_balancer", "object", "the load balancer").OrNull(),
        new ApiField("business_server", "object", "the business server").OrNull(),
    ];

    public static readonly IReadOnlyList<ApiField> Pushed =
    [
        ApiField.Text("status", "how it went") with { Words = ["success", "failed", "error"] }, DeviceId, ApiField.Text("detail", "why; empty after success"),
    ];

    public static readonly IReadOnlyList<ApiField> AllocationRequest = [OwnerId, EndpointId];

    public static readonly IReadOnlyList<ApiField> Allocation = [DeviceId, TunIPv4, TunIPv6];

    public static readonly IReadOnlyList<ApiField> Allocations = [ApiField.Number("total", "how many"), ApiField.List("allocations", "addresses by owner", Allocation)];
}
