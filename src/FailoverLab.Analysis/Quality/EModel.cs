namespace FailoverLab.Analysis;

/// <summary>
/// The rating of a call by ITU-T G.107 with its default values, a codec G.711 with packet loss concealment, and no echo:
/// <c>R = 93.2 - Idd - Ie,eff</c>.
/// </summary>
/// <remarks>Sources: G.107 (2015) equations 7-27 (Idd), 7-29 (Ie,eff) and B-4 (MOS); G.113 appendix I (Ie = 0, Bpl = 25.1).</remarks>
internal static class EModel
{
    private const double DefaultRating = 93.2;
    private const double Robustness = 25.1;

    /// <summary>The rating, 0..93.2.</summary>
    /// <param name="mouthToEarMs">Absolute delay, ms, not negative.</param>
    /// <param name="loss">Share of packets lost, 0..1.</param>
    /// <param name="burstRatio">Mean length of loss periods over that of random loss of this share; 1 = random.</param>
    public static double Rating(double mouthToEarMs, double loss, double burstRatio)
    {
        var percent = 100 * loss;
        var equipment = percent == 0 ? 0 : 95 * percent / ((percent / Math.Max(1, burstRatio)) + Robustness);
        return Math.Clamp(DefaultRating - DelayImpairment(mouthToEarMs) - equipment, 0, DefaultRating);
    }

    /// <summary>The mean opinion score of a rating, 1..4.5.</summary>
    public static double Score(double rating) => rating switch
    {
        <= 0 => 1,
        >= 100 => 4.5,
        _ => Math.Max(1, 1 + (0.035 * rating) + (0.000007 * rating * (rating - 60) * (100 - rating))),
    };

    /// <summary>Idd: nothing up to 100 ms.</summary>
    private static double DelayImpairment(double ms)
    {
        if (ms <= 100) return 0;
        var x = Math.Log2(ms / 100);
        return 25 * (Math.Pow(1 + Math.Pow(x, 6), 1 / 6.0) - (3 * Math.Pow(1 + Math.Pow(x / 3, 6), 1 / 6.0)) + 2);
    }
}
