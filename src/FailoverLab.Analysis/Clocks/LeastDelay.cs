namespace FailoverLab.Analysis;

/// <summary>The least difference of stamps between two points' clocks in a stretch of time: what the clocks differ by is not more.</summary>
/// <param name="AtNs">When that packet was there, ns since the Unix epoch.</param>
/// <param name="Ns">Later stamp's clock less earlier stamp's, ns; below 0 where the clocks say that it arrived before it left.</param>
internal readonly record struct LeastDelay(long AtNs, long Ns);
