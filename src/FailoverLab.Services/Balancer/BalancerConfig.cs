using FailoverLab.Control;

namespace FailoverLab.Services;

/// <summary>A validated <c>load_balancer.yaml</c>.</summary>
/// <param name="Service">Where to listen, whom to serve, what to keep.</param>
/// <param name="Rules">How to decide.</param>
/// <param name="BusinessServerIp">Told to endpoints; <see langword="null"/> when the file names none.</param>
public sealed record BalancerConfig(ServiceConfig Service, BalancerRules Rules, string? BusinessServerIp);
