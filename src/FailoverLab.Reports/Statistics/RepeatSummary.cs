namespace FailoverLab.Reports;

/// <summary>One figure over several runs. A run that never recovered counts as longer than all others and is never averaged away.</summary>
public sealed record RepeatSummary
{
    /// <summary>Runs with a figure, those that never recovered included.</summary>
    public required int Count { get; init; }

    /// <summary>Of these, runs in which traffic never came back: their figure is only a lower bound.</summary>
    public required int NeverRecovered { get; init; }

    /// <summary>Median, ns (mean of the two middle values for an even count); absent without values or when half of the runs never recovered.</summary>
    public long? MedianNs { get; init; }

    /// <summary>Lower end of the exact 95 % interval of the median, ns; absent below six runs.</summary>
    public long? MedianLowNs { get; init; }

    /// <summary>Upper end, ns; absent below six runs or when it falls on a run that never recovered.</summary>
    public long? MedianHighNs { get; init; }

    /// <summary>Largest value, ns; absent when a run never recovered.</summary>
    public long? MaxNs { get; init; }

    /// <summary>Largest quantile that the maximum bounds with 95 % confidence, 0..1; absent without a maximum.</summary>
    public double? ProvableQuantile { get; init; }

    /// <summary>Summarises one figure per run.</summary>
    /// <param name="recovered">Figures of runs that recovered, ns, in any order.</param>
    /// <param name="neverRecovered">Number of runs that did not.</param>
    public static RepeatSummary Of(IEnumerable<long> recovered, int neverRecovered)
    {
        var sorted = recovered.Order().ToList();
        var count = sorted.Count + neverRecovered;
        var ranks = OrderStatistics.MedianRanks(count);
        return new RepeatSummary
        {
            Count = count,
            NeverRecovered = neverRecovered,
            MedianNs = Middle(sorted, count),
            MedianLowNs = ranks is { } r ? At(sorted, r.Low) : null,
            MedianHighNs = ranks is { } s ? At(sorted, s.High) : null,
            MaxNs = neverRecovered == 0 && count > 0 ? sorted[^1] : null,
            ProvableQuantile = neverRecovered == 0 && count > 0 ? OrderStatistics.ProvableQuantile(count) : null,
        };
    }

    private static long? Middle(List<long> sorted, int count)
    {
        var low = At(sorted, (count + 1) / 2);
        var high = At(sorted, (count / 2) + 1);
        return low + ((high - low) / 2);
    }

    private static long? At(List<long> sorted, int rank) => rank >= 1 && rank <= sorted.Count ? sorted[rank - 1] : null;
}
