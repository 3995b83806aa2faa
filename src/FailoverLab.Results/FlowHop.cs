namespace FailoverLab.Results;

/// <summary>A capture point on a flow's way.</summary>
/// <param name="Point">Its name.</param>
/// <param name="Packets">Different packets of the flow seen there.</param>
/// <param name="LostAfter">Lost packets that were seen last here; absent where nothing is known to be lost.</param>
/// <param name="DelayNs">From the sender's point to here; absent without a capture at the sender.</param>
public sealed record FlowHop(string Point, long Packets, long? LostAfter, DelaySummary? DelayNs)
{
    /// <summary>How wrong each of these delays may be by the clocks of the two points, ns; absent where one clock stamped both, and where nothing is known of them.</summary>
    public long? BoundNs { get; init; }
}
