namespace FailoverLab.Probing;

/// <summary>What a sender did so far.</summary>
/// <param name="Flows">Each flow, in the order given at the start.</param>
/// <param name="LatenessMedianNs">Median time from a packet's turn to its sending, ns; <see langword="null"/> before the first.</param>
/// <param name="LatenessP99Ns">99th percentile of it.</param>
/// <param name="LatenessMaxNs">Worst of it, ns; 0 before the first.</param>
public sealed record SenderSnapshot(IReadOnlyList<SentFlow> Flows, long? LatenessMedianNs, long? LatenessP99Ns, long LatenessMaxNs);
