using System.Net;
using FailoverLab.Control;

namespace FailoverLab.Services;

/// <summary>A validated <c>load_balancer.yaml</c>.</summary>
/// <param name="EndPoint">Where to listen.</param>
/// <param name="Rules">How to decide.</param>
/// <param name="BusinessServerIp">Told to endpoints; <see langword="null"/> when the file names none.</param>
public sealed record BalancerConfig(IPEndPoint EndPoint, BalancerRules Rules, string? BusinessServerIp);
