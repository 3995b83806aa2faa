namespace FailoverLab.Stack;

/// <summary>Where the balancer is.</summary>
/// <param name="Url">Its base address.</param>
/// <param name="Interval">How often to ask it, or to report to it.</param>
public sealed record BalancerClientConfig(Uri Url, TimeSpan Interval);
