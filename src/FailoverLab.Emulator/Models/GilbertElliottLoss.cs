using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// Two states, good and bad, left by chance after each packet. Begins in the good one. Parameters as in netem's <c>loss gemodel</c>.
/// </summary>
/// <remarks>Source: Gilbert 1960, Elliott 1963; Haßlinger and Hohlfeld, "The Gilbert-Elliott model for packet loss", 2008.</remarks>
/// <param name="P">Probability to leave the good state for the bad.</param>
/// <param name="R">Probability to leave the bad state for the good; the mean stay in it is 1/R packets.</param>
/// <param name="LossInBad">Share lost in the bad state (1-h).</param>
/// <param name="LossInGood">Share lost in the good state (1-k).</param>
public sealed record GilbertElliottLoss(Ratio P, Ratio R, Ratio LossInBad, Ratio LossInGood) : LossModel
{
    /// <summary>The simple model of Gilbert: all is lost in the bad state, nothing in the good.</summary>
    public GilbertElliottLoss(Ratio p, Ratio r)
        : this(p, r, new Ratio(1), default)
    {
    }
}
