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

    /// <summary>Estimates at the middle of the exchange with the shortest way.</summary>
    /// <param name="samples">At least one.</param>
    /// <param name="resolutionNs">Step of the host's clock, ns: a stamp may be that much too early.</param>
    public static ClockEstimate Estimate(IReadOnlyList<ClockSample> samples, long resolutionNs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count);
        var best = samples.MinBy(s => s.RoundTripNs);
        return At(samples, resolutionNs, best.MiddleNs, (best.LowNs / 2) + (best.HighNs / 2) + (resolutionNs / 2));
    }

    private static ClockEstimate At(IReadOnlyList<ClockSample> samples, long resolutionNs, long atNs, long middleNs)
    {
        var (low, high) = (long.MinValue, long.MaxValue);
        foreach (var sample in samples)
        {
            low = Math.Max(low, sample.LowNs - Widening(sample, atNs));
            high = Math.Min(high, sample.HighNs + resolutionNs + Widening(sample, atNs));
        }

        return new ClockEstimate(atNs, low <= high ? Math.Clamp(middleNs, low, high) : middleNs, low, high, samples.Min(s => s.RoundTripNs), samples.Count);
    }

    /// <summary>How far the clocks can have parted between any moment of the exchange and the instant, ns.</summary>
    private static long Widening(ClockSample sample, long atNs) =>
        (long)Math.Ceiling(MaxDrift * Math.Max(Math.Abs(sample.SentNs - atNs), Math.Abs(sample.HeardNs - atNs)));
}
