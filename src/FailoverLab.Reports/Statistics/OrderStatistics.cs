namespace FailoverLab.Reports;

/// <summary>What a small number of runs proves about the next one, without assuming a distribution.</summary>
public static class OrderStatistics
{
    /// <summary>Confidence every statement is made with.</summary>
    public const double Confidence = 0.95;

    /// <summary>
    /// The exact interval of the median from order statistics: ranks (1-based) of its ends among <paramref name="count"/> sorted
    /// values, the narrowest symmetric pair whose coverage reaches <see cref="Confidence"/>.
    /// </summary>
    /// <param name="count">Number of values, 0 or more.</param>
    /// <returns>The ranks; <see langword="null"/> below six values, where no pair reaches the confidence.</returns>
    /// <remarks>Coverage of ranks r and n+1−r is 1 − 2·P(Binomial(n, ½) ≤ r−1).</remarks>
    public static (int Low, int High)? MedianRanks(int count)
    {
        var tail = 0.0;
        var rank = 0;
        for (var k = 0; k < count / 2; k++)
        {
            tail += Math.Exp(LogBinomial(count, k) - (count * Math.Log(2)));
            if (1 - (2 * tail) < Confidence)
            {
                break;
            }

            rank = k + 1;
        }

        return rank == 0 ? null : (rank, count + 1 - rank);
    }

    /// <summary>
    /// The largest quantile that the maximum of <paramref name="count"/> values bounds with <see cref="Confidence"/>: q with
    /// qⁿ = 1 − confidence. 59 values reach 0.95, 299 reach 0.99.
    /// </summary>
    /// <param name="count">Number of values, 1 or more.</param>
    /// <returns>0..1.</returns>
    public static double ProvableQuantile(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Math.Pow(1 - Confidence, 1.0 / count);
    }

    private static double LogBinomial(int n, int k)
    {
        var log = 0.0;
        for (var i = 1; i <= k; i++)
        {
            log += Math.Log(n - k + i) - Math.Log(i);
        }

        return log;
    }
}
