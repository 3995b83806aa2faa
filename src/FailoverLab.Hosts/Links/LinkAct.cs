namespace FailoverLab.Hosts;

/// <summary>When a change was made, as its host stamped it; ns since the Unix epoch.</summary>
/// <param name="NotBeforeNs">Until then it was not in effect, host clock.</param>
/// <param name="AtNs">From then it was in effect, host clock.</param>
/// <param name="OffsetNs">Host clock less reference clock, ns.</param>
/// <param name="BoundNs">The truth lies within ± this of the offset, ns.</param>
public sealed record LinkAct(long NotBeforeNs, long AtNs, long OffsetNs, long BoundNs);
