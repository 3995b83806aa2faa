namespace FailoverLab.Analysis;

/// <summary>Mean opinion score from delay, jitter and loss by the simplified E-model in common use (docs/MEASUREMENT.md).</summary>
public static class OpinionScore
{
    /// <summary>The score of a call with these figures.</summary>
    /// <param name="delayMs">Mean delay, ms, not negative.</param>
    /// <param name="jitterMs">Mean jitter, ms, not negative.</param>
    /// <param name="lossPercent">Packets lost, 0..100.</param>
    /// <returns>1 (bad) to about 4.5.</returns>
    public static double Of(double delayMs, double jitterMs, double lossPercent)
    {
        var effective = delayMs + (2 * jitterMs) + 10;
        var r = effective < 160 ? 93.2 - (effective / 40) : 93.2 - ((effective - 120) / 10);
        r = Math.Clamp(r - (2.5 * lossPercent), 0, 100);
        return Math.Max(1, 1 + (0.035 * r) + (0.000007 * r * (r - 60) * (100 - r))); // The curve dips below 1 for R up to 6.5.
    }
}
