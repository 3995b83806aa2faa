namespace FailoverLab.Control;

/// <summary>Kinds of devices as the controller's API names them.</summary>
public static class DeviceTypes
{
    /// <summary>An endpoint.</summary>
    public const string Endpoint = "endpoint";

    /// <summary>A routing server.</summary>
    public const string Router = "router";

    /// <summary>The load balancer.</summary>
    public const string Balancer = "load_balancer";

    /// <summary>The business server.</summary>
    public const string Business = "business_server";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Endpoint, Router, Balancer, Business];
}
