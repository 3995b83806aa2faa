using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>What came of reading a scenario.</summary>
/// <param name="Plan">The plan, or <see langword="null"/> when there is an error among <paramref name="Diagnostics"/>.</param>
/// <param name="Diagnostics">All faults and warnings, sorted by file, line and column.</param>
public sealed record PlanResult(RunPlan? Plan, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>All hosts of the hosts file, those the scenario does not name included.</summary>
    public IReadOnlyList<HostPlan> Hosts { get; init; } = [];
}
