namespace FailoverLab.Probing;

/// <summary>What a receiver got so far.</summary>
/// <param name="Flows">Each expected flow, in the order given at the start.</param>
/// <param name="Foreign">Datagrams that were no probe or of a flow not expected.</param>
public sealed record ReceiverSnapshot(IReadOnlyList<ReceivedFlow> Flows, long Foreign);
