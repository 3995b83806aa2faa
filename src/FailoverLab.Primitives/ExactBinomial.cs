namespace FailoverLab.Primitives;

/// <summary>Exact intervals from the binomial distribution: of a share of trials, and of a quantile of values of whatever distribution.</summary>
public static class ExactBinomial
{
    /// <summary>The interval of Clopper and Pearson (1934) of a share; it holds the truth at least as often as it says.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>; need not be whole.</param>
    /// <param name="trials">Above 0.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <returns>Both ends, 0..1.</returns>
    public static (double Low, double High) Share(double successes, double trials, double confidence)
    {
        var tail = (1 - confidence) / 2;
        return (
            successes <= 0 ? 0 : IncompleteBeta.Inverse(tail, successes, trials - successes + 1),
            successes >= trials ? 1 : IncompleteBeta.Inverse(1 - tail, successes + 1, trials - successes));
    }

    /// <summary>Ranks of the sorted values between which a quantile of their distribution lies, whatever the distribution is.</summary>
    /// <param name="count">Number of values, at least 1.</param>
    /// <param name="share">Which quantile, 0..1.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <returns>Ranks of 1 to <paramref name="count"/>; 0 and <paramref name="count"/> + 1 stand for no bound on that side.</returns>
    public static (long Low, long High) QuantileRanks(long count, double share, double confidence)
    {
        var tail = (1 - confidence) / 2;

        // The value of rank k lies above the quantile when fewer than k values lie below it.
        var low = Last(0, count, k => AtMost(k - 1, count, share) <= tail);
        var high = Last(0, count, k => AtMost(k - 1, count, share) < 1 - tail) + 1;
        return (low, high);
    }

    /// <summary>Chance of at most so many successes.</summary>
    private static double AtMost(long successes, long trials, double share) =>
        successes < 0 ? 0 : successes >= trials ? 1 : IncompleteBeta.Of(1 - share, trials - successes, successes + 1);

    /// <summary>The greatest whole number in a range up to which a condition holds; the lower end when it holds nowhere.</summary>
    private static long Last(long low, long high, Func<long, bool> holds)
    {
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            (low, high) = holds(middle) ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
