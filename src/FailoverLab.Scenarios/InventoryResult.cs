using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>What came of reading a hosts file.</summary>
/// <param name="Plan">The inventory, or <see langword="null"/> when there is an error among <paramref name="Diagnostics"/>.</param>
/// <param name="Diagnostics">All faults and warnings, sorted by file, line and column.</param>
public sealed record InventoryResult(InventoryPlan? Plan, IReadOnlyList<Diagnostic> Diagnostics);
