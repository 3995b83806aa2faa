namespace FailoverLab.Analysis;

/// <summary>How the timing of packets over a link varied.</summary>
/// <param name="LeastNs">Shortest delay.</param>
/// <param name="MostNs">Longest delay.</param>
/// <param name="SendGapNs">Longest time between two packets sent.</param>
internal readonly record struct LinkTiming(long LeastNs, long MostNs, long SendGapNs);
