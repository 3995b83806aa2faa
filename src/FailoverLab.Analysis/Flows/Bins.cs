namespace FailoverLab.Analysis;

/// <summary>The equal bins all series of one record share.</summary>
/// <param name="StartNs">Start of the first, ns since the Unix epoch.</param>
/// <param name="WidthNs">Width, ns.</param>
/// <param name="Count">How many; 0 where nothing was observed.</param>
internal readonly record struct Bins(long StartNs, long WidthNs, int Count)
{
    private const int MaxCount = 1200;
    private const long FinestNs = 50_000_000;

    /// <summary>The finest bins of 50 ms × 1, 2, 5, 10, 20, … that cover the time with at most 1200.</summary>
    public static Bins Cover(long startNs, long endNs)
    {
        if (endNs < startNs) return new Bins(startNs, FinestNs, 0);
        var width = FinestNs;
        for (var step = 0; (endNs - startNs) / width >= MaxCount; step++) width = step % 3 == 1 ? width / 2 * 5 : width * 2;
        return new Bins(startNs, width, (int)((endNs - startNs) / width) + 1);
    }

    /// <summary>The bin an instant falls in; instants outside fall in the first or last.</summary>
    public int Of(long ns) => (int)Math.Clamp((ns - StartNs) / WidthNs, 0, Count - 1);

    /// <summary>Median of the values in each bin; -1 for an empty bin. Both spans are used as working space.</summary>
    public long[] Medians(Span<int> bins, Span<long> values)
    {
        bins.Sort(values);
        var medians = new long[Count];
        Array.Fill(medians, -1);
        for (var from = 0; from < bins.Length;)
        {
            var to = from;
            while (to < bins.Length && bins[to] == bins[from]) to++;
            medians[bins[from]] = Quantile.Median(values[from..to]);
            from = to;
        }

        return medians;
    }
}
