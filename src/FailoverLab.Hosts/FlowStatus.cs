namespace FailoverLab.Hosts;

/// <summary>One probe flow now, as its two programs count it.</summary>
/// <param name="Flow">Flow name.</param>
/// <param name="Sent">Packets sent.</param>
/// <param name="Received">Packets received.</param>
/// <param name="SilenceNs">Time since the last arrival while sending, ns.</param>
/// <param name="LongestSilenceNs">Longest time between two arrivals, ns.</param>
public sealed record FlowStatus(string Flow, long Sent, long Received, long SilenceNs, long LongestSilenceNs);
