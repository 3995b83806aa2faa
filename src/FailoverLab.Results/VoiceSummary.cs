namespace FailoverLab.Results;

/// <summary>A G.711 call with loss concealment over this flow, by the E-model (ITU-T G.107) in windows of 5 s every second.</summary>
/// <param name="WindowNs">Length of a window, ns.</param>
/// <param name="LowestR">Rating of the worst window, 0..93.2.</param>
/// <param name="LowestMos">Its mean opinion score.</param>
/// <param name="MedianMos">Score of the middle window.</param>
/// <param name="BelowNs">Time in windows below 3.6, which users of a telephone call poor; ns.</param>
public sealed record VoiceSummary(long WindowNs, double LowestR, double LowestMos, double MedianMos, long BelowNs);
