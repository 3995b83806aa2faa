namespace FailoverLab.Analysis;

/// <summary>The equal bins all series of one record share.</summary>
/// <param name="StartNs">Start of the first, ns since the Unix epoch.</param>
/// <param name="WidthNs">Width, ns.</param>
/// <param name="Count">How many; 0 where nothing was observed.</param>
internal readonly record struct Bins(long StartNs, long WidthNs, int Count)
{
    /// <summary>The finest width, ns.</summary>
    public const long FinestNs = 50_000_000;

    /// <summary>Most bins of a record.</summary>
    public const int MaxCount = 1200;

    /// <summary>The finest bins of 50 ms × 1, 2, 5, 10, 20, … that cover the time with at most 1200.</summary>
    public static Bins Cover(long startNs, long endNs)
    {
        if (endNs < startNs) return new Bins(startNs, FinestNs, 0);
        var width = FinestNs;
        for (var step = 0; (endNs - startNs) / width >= MaxCount; step++) width = step % 3 == 1 ? width / 2 * 5 : width * 2;
        return new Bins(startNs, width, (int)((endNs - startNs) / width) + 1);
    }
}
