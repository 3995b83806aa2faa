namespace FailoverLab.Probing;

/// <summary>One flow as its receiver counts it, for a live view; captures are the truth.</summary>
/// <param name="Id">Flow number.</param>
/// <param name="Received">Packets that arrived, duplicates included.</param>
/// <param name="HighestSequence">Highest sequence number seen; <see langword="null"/> before the first packet.</param>
/// <param name="LastArrivalNs">When the last packet was read, CLOCK_MONOTONIC ns; <see langword="null"/> before the first.</param>
/// <param name="LongestSilenceNs">Longest time between two packets, ns; 0 before the second. The silence that lasts now is not in it.</param>
public readonly record struct ReceivedFlow(uint Id, long Received, ulong? HighestSequence, long? LastArrivalNs, long LongestSilenceNs)
{
    /// <summary>The counts after one more packet.</summary>
    internal ReceivedFlow With(ulong sequence, long nowNs) => new(
        Id,
        Received + 1,
        Math.Max(sequence, HighestSequence ?? 0),
        nowNs,
        Math.Max(LongestSilenceNs, nowNs - (LastArrivalNs ?? nowNs)));
}
