namespace FailoverLab.Hosts;

/// <summary>A host's clock at each instant of a run, from an estimate before and, once there is one, an estimate after it. Pure.</summary>
/// <param name="Before">Before the run.</param>
/// <param name="After">After it; absent while it lasts, and when the host was lost.</param>
public sealed record ClockCourse(ClockEstimate Before, ClockEstimate? After)
{
    /// <summary>
    /// The offset at an instant: on the line between the two estimates. The truth is no further from either than two clocks can have parted since
    /// (<see cref="ClockEstimator.MaxDrift"/>), and as long as the rate kept its sign not outside of both either.
    /// </summary>
    /// <param name="referenceNs">The instant, reference clock, ns since the Unix epoch.</param>
    /// <returns>Host clock less reference clock, and the bound: the truth lies within ± this, ns. Of a clock that was stepped, within all that both estimates allow.</returns>
    public (long OffsetNs, long BoundNs) At(long referenceNs)
    {
        var (low, high) = Reach(Before, referenceNs);
        if (After is null)
        {
            return Within(Before.OffsetNs, low, high);
        }

        var (envelopeLow, envelopeHigh) = (Math.Min(Before.LowNs, After.LowNs), Math.Max(Before.HighNs, After.HighNs));
        var share = Math.Clamp((referenceNs - Before.AtNs) / (double)Math.Max(After.AtNs - Before.AtNs, 1), 0, 1);
        var offset = Before.OffsetNs + (long)((After.OffsetNs - Before.OffsetNs) * share);
        var (afterLow, afterHigh) = Reach(After, referenceNs);
        var (tightLow, tightHigh) = (Math.Max(Math.Max(low, afterLow), envelopeLow), Math.Min(Math.Min(high, afterHigh), envelopeHigh));
        return tightLow <= tightHigh ? Within(offset, tightLow, tightHigh) : Within(offset, envelopeLow, envelopeHigh);
    }

    private static (long Low, long High) Reach(ClockEstimate estimate, long referenceNs)
    {
        var parted = (long)Math.Ceiling(ClockEstimator.MaxDrift * Math.Abs(referenceNs - estimate.AtNs));
        return (estimate.LowNs - parted, estimate.HighNs + parted);
    }

    private static (long OffsetNs, long BoundNs) Within(long offset, long low, long high)
    {
        // An estimate that contradicts itself has no interval; its width is all that is known then.
        offset = low <= high ? Math.Clamp(offset, low, high) : offset;
        return (offset, Math.Max(Math.Abs(high - offset), Math.Abs(offset - low)));
    }
}
