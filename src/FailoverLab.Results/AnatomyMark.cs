namespace FailoverLab.Results;


/// <summary>One mark on the way from fault to sustained recovery.</summary>
/// <param name="Mark">Which.</param>
/// <param name="AtNs">When, ns since the Unix epoch.</param>
public sealed record AnatomyMark(AnatomyMarkKind Mark, long AtNs)
{
    /// <summary>How wrong the instant may be by the clock it was read from, ns; absent where that is the reference clock.</summary>
    public long? BoundNs { get; init; }
}
