using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>What a number of trials says about all there could be, with 95 % confidence.</summary>
internal static class Confidence
{
    private const double Alpha = 0.05;

    /// <summary>Mean with Student's interval; exact for normal errors and good for others from some dozens on.</summary>
    /// <param name="values">Two or more.</param>
    /// <returns>Mean and interval, and the standard deviation.</returns>
    public static (double Mean, double HalfWidth, double Deviation) OfMean(IReadOnlyList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 2);
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        return (mean, StudentQuantile(values.Count - 1) * deviation / Math.Sqrt(values.Count), deviation);
    }

    /// <summary>A share of trials with the interval of Clopper and Pearson, which holds the truth at least as often as it says.</summary>
    /// <param name="successes">0..<paramref name="trials"/>.</param>
    /// <param name="trials">1 or more.</param>
    public static MeasuredShare OfShare(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        return new MeasuredShare(
            (double)successes / trials,
            successes == 0 ? 0 : IncompleteBeta.Inverse(Alpha / 2, successes, trials - successes + 1),
            successes == trials ? 1 : IncompleteBeta.Inverse(1 - (Alpha / 2), successes + 1, trials - successes));
    }

    /// <summary>The t that 95 % of a Student distribution does not exceed in magnitude.</summary>
    public static double StudentQuantile(int degreesOfFreedom)
    {
        // P(|T| > t) is the incomplete beta function at n / (n + t²) for n/2 and 1/2.
        var x = IncompleteBeta.Inverse(Alpha, degreesOfFreedom / 2.0, 0.5);
        return Math.Sqrt(degreesOfFreedom * (1 - x) / x);
    }
}
