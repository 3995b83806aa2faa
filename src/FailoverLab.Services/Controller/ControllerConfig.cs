namespace FailoverLab.Services;

/// <summary>A validated <c>network_controller.yaml</c>.</summary>
/// <param name="Service">Where to listen, whom to serve, what to keep.</param>
/// <param name="IPv4Pool">IPv4 tunnel addresses.</param>
/// <param name="IPv6Pool">IPv6 tunnel addresses.</param>
/// <param name="PreSharedKey">Told to devices that register.</param>
/// <param name="TunnelPort">Told to devices that register.</param>
public sealed record ControllerConfig(ServiceConfig Service, PoolConfig IPv4Pool, PoolConfig IPv6Pool, string PreSharedKey, int TunnelPort);
