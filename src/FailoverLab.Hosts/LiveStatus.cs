namespace FailoverLab.Hosts;

/// <summary>Figures of a running lab for the live view.</summary>
/// <param name="Links">One entry per WAN link, in order of the topology.</param>
/// <param name="Flows">One entry per flow, in order of the plan.</param>
public sealed record LiveStatus(IReadOnlyList<LinkStatus> Links, IReadOnlyList<FlowStatus> Flows);
