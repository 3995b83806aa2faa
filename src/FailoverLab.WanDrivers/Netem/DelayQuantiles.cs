using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>Quantiles of a plan's delay distributions. Pure.</summary>
internal static class DelayQuantiles
{
    private const int NormalSteps = 8000;
    private const double NormalEdge = 4;
    private static readonly double[] NormalCumulative = IntegrateNormal();

    /// <summary>The delay that a share of packets does not exceed.</summary>
    /// <param name="model">The distribution.</param>
    /// <param name="share">0..1.</param>
    /// <returns>Microseconds.</returns>
    public static double Microseconds(DelayPlan model, double share) => model switch
    {
        UniformDelayPlan uniform => Between(uniform.Min, uniform.Max, share),
        NormalDelayPlan normal => Math.Max(0, normal.Center.TotalMicroseconds + (normal.Deviation.TotalMicroseconds * Normal(share))),
        ParetoDelayPlan pareto => pareto.Min.TotalMicroseconds + (pareto.Scale.TotalMicroseconds * (Math.Pow(1 - share, -1 / pareto.Shape) - 1)),
        TableDelayPlan table => OfTable(table.Quantiles, share),
        _ => throw new InvalidOperationException($"no quantiles of {model.GetType().Name}"),
    };

    /// <summary>Quantile of the standard normal distribution, cut off at four deviations.</summary>
    private static double Normal(double share)
    {
        var index = Array.BinarySearch(NormalCumulative, share);
        if (index < 0)
        {
            index = Math.Clamp(~index, 1, NormalSteps);
            var (below, above) = (NormalCumulative[index - 1], NormalCumulative[index]);
            return At(index - 1 + Math.Clamp((share - below) / (above - below), 0, 1));
        }

        return At(index);

        static double At(double step) => -NormalEdge + (2 * NormalEdge * step / NormalSteps);
    }

    /// <summary>Shares of the normal distribution below each of many points, by the trapezium rule.</summary>
    private static double[] IntegrateNormal()
    {
        const double Step = 2 * NormalEdge / NormalSteps;
        var sums = new double[NormalSteps + 1];
        sums[0] = 3.167124e-5; // what lies below four deviations
        for (var i = 1; i <= NormalSteps; i++)
        {
            sums[i] = sums[i - 1] + (Step * (Density(-NormalEdge + ((i - 1) * Step)) + Density(-NormalEdge + (i * Step))) / 2);
        }

        return sums;

        static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }

    private static double OfTable(IReadOnlyList<TimeSpan> quantiles, double share)
    {
        var place = share * (quantiles.Count - 1);
        var index = Math.Min((int)place, quantiles.Count - 2);
        return Between(quantiles[index], quantiles[index + 1], place - index);
    }

    private static double Between(TimeSpan min, TimeSpan max, double share) => min.TotalMicroseconds + ((max - min).TotalMicroseconds * share);
}
