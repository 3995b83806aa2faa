namespace FailoverLab.Control;

/// <summary>What the balancer remembers of an endpoint.</summary>
/// <param name="EndpointId">Which endpoint.</param>
/// <param name="Primary">The router decided for.</param>
/// <param name="LedSince">Since when another has led by the threshold, wall clock; <see langword="null"/> while none does.</param>
public sealed record RouterChoice(string EndpointId, string Primary, DateTimeOffset? LedSince);
