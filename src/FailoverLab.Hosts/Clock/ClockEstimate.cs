namespace FailoverLab.Hosts;

/// <summary>A host's clock against the reference clock, at one instant.</summary>
/// <param name="AtNs">The instant, reference clock, ns since the Unix epoch.</param>
/// <param name="OffsetNs">Host clock less reference clock, ns: the middle between the quickest way there and the quickest way back, kept within the interval.</param>
/// <param name="LowNs">The offset is not below this, ns.</param>
/// <param name="HighNs">The offset is not above this, ns.</param>
/// <param name="RoundTripNs">Shortest time there and back, ns.</param>
/// <param name="Samples">Exchanges that went into it.</param>
public sealed record ClockEstimate(long AtNs, long OffsetNs, long LowNs, long HighNs, long RoundTripNs, int Samples)
{
    /// <summary>The truth lies within ± this of <see cref="OffsetNs"/>, ns.</summary>
    public long BoundNs => Math.Max(HighNs - OffsetNs, OffsetNs - LowNs);

    /// <summary>Whether the exchanges contradict each other: a clock was stepped, or runs faster or slower than assumed.</summary>
    public bool IsConsistent => LowNs <= HighNs;
}
