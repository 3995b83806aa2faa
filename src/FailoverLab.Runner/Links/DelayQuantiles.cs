using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Quantiles of the delay a link was asked for, before slots, queues and the keeping of order. Pure.</summary>
internal sealed class DelayQuantiles(LinkChange link)
{
    /// <summary>The delay that so large a share of packets does not exceed, ns.</summary>
    /// <param name="share">0..1; those of <c>reorder</c> skip the delay and come first.</param>
    public double At(double share)
    {
        var skipping = link.Reorder?.Value ?? 0;
        return share <= skipping && skipping > 0 ? 0 : Delayed(skipping >= 1 ? 1 : Math.Clamp((share - skipping) / (1 - skipping), 0, 1));
    }

    /// <summary>Whether every packet takes the same time.</summary>
    public bool IsFixed => link.DelayModel is null && link.Jitter is null or { Ticks: 0 } && link.Reorder is null or { Value: 0 };

    private double Delayed(double share) => link.DelayModel switch
    {
        UniformDelayPlan u => Ns(u.Min) + (share * Ns(u.Max - u.Min)),
        NormalDelayPlan n => Math.Max(0, Ns(n.Center) + (Ns(n.Deviation) * NormalQuantile(share))),
        ParetoDelayPlan p => Ns(p.Min) + (Ns(p.Scale) * (Math.Pow(1 - Math.Min(share, Most), -1 / p.Shape) - 1)),
        TableDelayPlan t => InTable(t.Quantiles, share),
        _ => Ns(link.Delay ?? TimeSpan.Zero) + (share * Ns(link.Jitter ?? TimeSpan.Zero)),
    };

    /// <summary>Of distributions without an end, what one in ten million packets exceeds stands for it.</summary>
    private const double Most = 1 - 1e-7;

    private static double InTable(IReadOnlyList<TimeSpan> quantiles, double share)
    {
        var place = share * (quantiles.Count - 1);
        var index = Math.Min((int)place, quantiles.Count - 2);
        return Ns(quantiles[index]) + ((place - index) * Ns(quantiles[index + 1] - quantiles[index]));
    }

    /// <summary>Quantile of the standard normal distribution, by halving the interval of its distribution function.</summary>
    private static double NormalQuantile(double share)
    {
        var (low, high) = (-6.0, 6.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = NormalShare(middle) < Math.Clamp(share, 1 - Most, Most) ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Distribution function by its series (Marsaglia, "Evaluating the normal distribution", 2004).</summary>
    private static double NormalShare(double x)
    {
        var (sum, term) = (x, x);
        for (var i = 3; Math.Abs(term) > 1e-17 && i < 400; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp((-x * x / 2) - 0.91893853320467274));
    }

    private static double Ns(TimeSpan time) => time.Ticks * 100.0;
}
