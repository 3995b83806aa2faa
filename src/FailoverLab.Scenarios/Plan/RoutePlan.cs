namespace FailoverLab.Scenarios;

/// <summary>A static route.</summary>
/// <param name="To"><c>default</c> or a prefix.</param>
/// <param name="Via">Next hop; its family decides the route's.</param>
/// <param name="Device">Interface, or <see langword="null"/> to let the kernel find it.</param>
/// <param name="Metric">Preference, smaller wins; 0 leaves the kernel's default.</param>
public sealed record RoutePlan(string To, string Via, string? Device, int Metric);
