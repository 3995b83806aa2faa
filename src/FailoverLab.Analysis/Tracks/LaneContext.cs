namespace FailoverLab.Analysis;

/// <summary>What all flows of one analysis share.</summary>
/// <param name="Plan">What is known beside the captures.</param>
/// <param name="Names">Names of the points.</param>
/// <param name="Captured">Every point with a capture.</param>
/// <param name="Grid">Bins of all series.</param>
internal sealed record LaneContext(AnalysisContext Plan, PointNames Names, IReadOnlySet<string> Captured, BinGrid Grid)
{
    /// <summary>Flows shown packet by packet around their outages.</summary>
    public const int DetailedFlows = 64;

    /// <summary>Whether any flow was seen first where flows were said to be sent; see <see cref="NamedEnds"/>.</summary>
    public bool SomeGoAsNamed { get; init; }

    /// <summary>Whether flows are looked for in tunnels that cannot be read: what points on the way are said to have seen may then be another packet.</summary>
    public bool FindsHiddenFlows { get; init; }

    /// <summary>How wrong the difference of stamps of two points may be at most, ns.</summary>
    public long ClockBoundNs(string? one, string? other) => one == other ? 0 : Plan.Clocks.Where(c => c.Point == one || c.Point == other).Sum(c => c.BoundNs);

    /// <summary>Whether there is but one point, so that a flow's first packets tell all that can be known.</summary>
    public bool IsSinglePoint => Captured.Count <= 1;
}
