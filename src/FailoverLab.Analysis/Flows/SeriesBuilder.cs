using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Brings the series of all flows to the same bins.</summary>
internal sealed class SeriesBuilder
{
    private readonly BinGrid _grid;
    private readonly int _doublings;
    private readonly int _count;

    /// <summary>Finds the finest bins that all can have.</summary>
    /// <param name="grid">Where bins began.</param>
    /// <param name="endNs">End of the observation, ns since the Unix epoch.</param>
    /// <param name="series">All flows over time.</param>
    /// <param name="links">All links over time.</param>
    public SeriesBuilder(BinGrid grid, long endNs, IEnumerable<FlowSeriesWatch> series, IEnumerable<LinkTransit> links)
    {
        _grid = grid;
        foreach (var flow in series) _doublings = Math.Max(_doublings, flow.Doublings);
        foreach (var link in links) _doublings = Math.Max(_doublings, Math.Max(link.DelaySeries.Doublings, link.ByteSeries.Doublings));
        while ((endNs - grid.StartNs) / (grid.WidthNs << _doublings) >= BinGrid.MaxCount) _doublings++;
        _count = endNs < grid.StartNs ? 0 : (int)((endNs - grid.StartNs) / (grid.WidthNs << _doublings)) + 1;
    }

    /// <summary>A flow over time; absent where there is nothing.</summary>
    public FlowSeries? Of(FlowSeriesWatch? series)
    {
        if (_count == 0 || series is null) return null;
        return new FlowSeries
        {
            StartNs = _grid.StartNs,
            BinNs = _grid.WidthNs << _doublings,
            Sent = Counts(series.Sent),
            Received = Counts(series.Received),
            Bytes = Fit(series.Bytes.At(_doublings)),
            Lost = Counts(series.Lost),
            DelayNs = Medians(series.Delays.At(_doublings)),
            Path = MostUsed([.. series.Carried.Select(c => c is null ? [] : Fit(c.At(_doublings)))]),
        };
    }

    /// <summary>The delay across a link in each bin, over several flows: the weighted median of theirs; -1 for an empty bin.</summary>
    public long[] DelayOf(IEnumerable<BinnedMedians> series)
    {
        var all = series.Select(s => s.At(_doublings)).ToList();
        var medians = new long[_count];
        for (var bin = 0; bin < _count; bin++)
        {
            var values = all.Select(s => BinOf(s, bin)).Where(v => v.Count > 0).OrderBy(v => v.Median).ToList();
            var half = (values.Sum(v => (long)v.Count) + 1) / 2;
            medians[bin] = -1;
            foreach (var (median, count) in values)
            {
                medians[bin] = median;
                if ((half -= count) <= 0) break;
            }
        }

        return medians;
    }

    /// <summary>What several series have in each bin together.</summary>
    public long[] SumOf(IEnumerable<BinnedCounts> series)
    {
        var sum = new long[_count];
        foreach (var counts in series)
        {
            var fitted = Fit(counts.At(_doublings));
            for (var bin = 0; bin < _count; bin++) sum[bin] += fitted[bin];
        }

        return sum;
    }

    private int[] Counts(BinnedCounts counts) => Array.ConvertAll(Fit(counts.At(_doublings)), c => (int)c);

    /// <summary>What lies behind the last bin is counted in it.</summary>
    private long[] Fit(long[] counts)
    {
        var fitted = new long[_count];
        for (var bin = 0; bin < counts.Length; bin++) fitted[Math.Min(bin, _count - 1)] += counts[bin];
        return fitted;
    }

    private long[] Medians((long Median, int Count)[] bins)
    {
        var medians = new long[_count];
        for (var bin = 0; bin < _count; bin++) medians[bin] = BinOf(bins, bin) is { Count: > 0 } value ? value.Median : -1;
        return medians;
    }

    private static (long Median, int Count) BinOf((long Median, int Count)[] bins, int bin) => bin < bins.Length ? bins[bin] : default;

    private int[] MostUsed(long[][] carried)
    {
        var most = new int[_count];
        for (var bin = 0; bin < _count; bin++)
        {
            most[bin] = -1;
            for (var path = 0; path < carried.Length; path++)
            {
                var packets = carried[path].Length > 0 ? carried[path][bin] : 0;
                if (packets > 0 && (most[bin] < 0 || packets > carried[most[bin]][bin])) most[bin] = path;
            }
        }

        return most;
    }
}
