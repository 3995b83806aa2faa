namespace FailoverLab.Hosts;

/// <summary>
/// Offset and bound from exchanges of stamps. Each exchange allows the offsets <c>[answered − heard, received − sent]</c>, whatever the way
/// there and back took; the truth lies in all of these intervals. Between an exchange and the instant asked for, the clocks may have parted by
/// <see cref="MaxDrift"/>; the interval is widened by that. Pure.
/// </summary>
public static class ClockEstimator
{
    /// <summary>Largest difference in rate of two clocks, ratio: crystals keep 50e-6, and two may err in opposite directions.</summary>
    public const double MaxDrift = 100e-6;

    /// <summary>
    /// Estimates at the middle of the exchange with the shortest way. The offset is the middle between the quickest way there and the quickest way back,
    /// which need not be of one exchange: of many draws each way comes near its shortest alone much sooner than both do together.
    /// </summary>
    /// <param name="samples">At least one.</param>
    /// <param name="resolutionNs">Step of the host's clock, ns: a stamp may be that much too early.</param>
    public static ClockEstimate Estimate(IReadOnlyList<ClockSample> samples, long resolutionNs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count);
        var atNs = samples.MinBy(s => s.RoundTripNs).MiddleNs;
        var (low, high) = (long.MinValue, long.MaxValue);
        foreach (var sample in samples)
        {
            low = Math.Max(low, sample.LowNs - Widening(sample, atNs));
            high = Math.Min(high, sample.HighNs + resolutionNs + Widening(sample, atNs));
        }

        // Twice the nanoseconds since 1970 fit.
        var middle = (samples.Max(s => s.LowNs) + samples.Min(s => s.HighNs) + resolutionNs) / 2;
        return new ClockEstimate(atNs, low <= high ? Math.Clamp(middle, low, high) : middle, low, high, samples.Min(s => s.RoundTripNs), samples.Count);
    }

    /// <summary>How far the clocks can have parted between any moment of the exchange and the instant, ns.</summary>
    private static long Widening(ClockSample sample, long atNs) =>
        (long)Math.Ceiling(MaxDrift * Math.Max(Math.Abs(sample.SentNs - atNs), Math.Abs(sample.HeardNs - atNs)));
}
