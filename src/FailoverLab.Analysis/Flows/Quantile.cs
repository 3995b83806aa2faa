using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Quantiles by nearest rank: always a value that was observed.</summary>
internal static class Quantile
{
    /// <summary>The middle value (the lower of two); sorts <paramref name="values"/> in place.</summary>
    /// <param name="values">Not empty.</param>
    public static long Median(Span<long> values)
    {
        values.Sort();
        return AtRank(values, 0.5);
    }

    /// <summary>Distribution of delays; sorts <paramref name="values"/> in place. Absent for none.</summary>
    public static DelaySummary? Summarise(Span<long> values)
    {
        if (values.Length == 0) return null;
        values.Sort();
        return new DelaySummary(values[0], AtRank(values, 0.5), AtRank(values, 0.99), values[^1]);
    }

    /// <summary>Nearest rank: the smallest value with at least this share of all values at or below it.</summary>
    public static long AtRank(ReadOnlySpan<long> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
