namespace FailoverLab.Hosts;

/// <summary>A host's clock over a run, from an estimate before and one after it. Pure.</summary>
/// <param name="OffsetNs">Host clock less reference clock, ns: half way between the two.</param>
/// <param name="BoundNs">The truth lay within ± this at every instant between, as long as the rate kept its sign, ns.</param>
/// <param name="Drift">Rate difference, ratio (50e-6 = gains 50 us a second); 0 from one estimate alone.</param>
/// <param name="IsSteady">Whether both estimates hold together: no clock was stepped in between.</param>
public sealed record ClockFit(long OffsetNs, long BoundNs, double Drift, bool IsSteady)
{
    /// <summary>Puts two estimates together.</summary>
    /// <param name="before">Before the run.</param>
    /// <param name="after">After it; absent when the host was lost.</param>
    public static ClockFit Of(ClockEstimate before, ClockEstimate? after)
    {
        if (after is null)
        {
            return new ClockFit(before.OffsetNs, before.BoundNs, 0, before.IsConsistent);
        }

        var (low, high) = (Math.Min(before.LowNs, after.LowNs), Math.Max(before.HighNs, after.HighNs));
        var middle = (before.OffsetNs / 2) + (after.OffsetNs / 2);
        var elapsed = Math.Max(after.AtNs - before.AtNs, 1);
        var drift = (after.OffsetNs - before.OffsetNs) / (double)elapsed;

        // What both bounds allow is no step; beyond that the difference must be explained by a rate two clocks can have.
        var excess = Math.Abs((double)after.OffsetNs - before.OffsetNs) - before.BoundNs - after.BoundNs;
        var isSteady = before.IsConsistent && after.IsConsistent && excess <= elapsed * ClockEstimator.MaxDrift;
        return new ClockFit(middle, Math.Max(high - middle, middle - low), drift, isSteady);
    }
}
