namespace FailoverLab.Analysis;

/// <summary>The clock that stamped a point's packets, against the reference clock of the analysis.</summary>
/// <param name="Point">Capture point.</param>
/// <param name="OffsetNs">How far it was ahead, ns; taken off its stamps.</param>
/// <param name="BoundNs">How wrong that may be at most, ns, not negative.</param>
public sealed record PointClock(string Point, long OffsetNs, long BoundNs)
{
    /// <summary>The host whose clock it is: that of all its points. Default: the point has one of its own.</summary>
    public string Host { get; init; } = Point;
}
