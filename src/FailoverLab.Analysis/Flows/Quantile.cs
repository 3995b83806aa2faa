using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Quantiles by nearest rank: always a value that was observed.</summary>
internal static class Quantile
{
    /// <summary>The middle value (the lower of two); changes the order of <paramref name="values"/>.</summary>
    /// <param name="values">Not empty.</param>
    public static long Median(Span<long> values) => At(values, 0.5);

    /// <summary>Nearest rank of values in any order; changes their order.</summary>
    /// <param name="values">Not empty.</param>
    /// <param name="share">0..1.</param>
    public static long At(Span<long> values, double share)
    {
        // Hoare's selection: only the part that holds the rank is parted further, where sorting would order all.
        var (rank, low, high) = (RankOf(share, values.Length), 0, values.Length - 1);
        while (low < high)
        {
            var pivot = values[low + ((high - low) / 2)];
            var (i, k) = (low, high);
            while (i <= k)
            {
                while (values[i] < pivot) i++;
                while (values[k] > pivot) k--;
                if (i > k) break;
                (values[i], values[k]) = (values[k], values[i]);
                (i, k) = (i + 1, k - 1);
            }

            if (rank <= k) high = k;
            else if (rank >= i) low = i;
            else break;
        }

        return values[rank];
    }

    /// <summary>Distribution of delays; sorts <paramref name="values"/> in place. Absent for none.</summary>
    public static DelaySummary? Summarise(Span<long> values)
    {
        if (values.Length == 0) return null;
        values.Sort();
        return new DelaySummary(values[0], AtRank(values, 0.5), AtRank(values, 0.99), values[^1]);
    }

    /// <summary>Nearest rank: the smallest value with at least this share of all values at or below it.</summary>
    public static long AtRank(ReadOnlySpan<long> sorted, double share) => sorted[RankOf(share, sorted.Length)];

    private static int RankOf(double share, int count) => Math.Clamp((int)Math.Ceiling(share * count) - 1, 0, count - 1);
}
