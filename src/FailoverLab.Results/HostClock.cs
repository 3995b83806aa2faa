namespace FailoverLab.Results;

/// <summary>One host's clock against the reference.</summary>
/// <param name="Host">Host name.</param>
/// <param name="OffsetNs">Host clock less reference clock, ns.</param>
/// <param name="BoundNs">The truth lies within ± this of <paramref name="OffsetNs"/>, ns; 0 where host and reference share one kernel clock.</param>
public sealed record HostClock(string Host, long OffsetNs, long BoundNs)
{
    /// <summary>What the captured packets say of it; absent where packets did not go in both directions between it and another host.</summary>
    public PacketOffset? PacketOffset { get; init; }
}
