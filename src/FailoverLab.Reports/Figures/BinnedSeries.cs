using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>A flow's series in bins few enough to draw.</summary>
internal sealed class BinnedSeries
{
    private const int MostBins = 2400;
    private readonly int _merge;
    private readonly FlowSeries _series;

    /// <summary>Merges neighbours where there are more bins than can be told apart.</summary>
    public BinnedSeries(FlowSeries series)
    {
        _series = series;
        var bins = Math.Min(series.Received.Count, Math.Min(series.Sent.Count, series.Path.Count));
        _merge = Math.Max(1, (bins + MostBins - 1) / MostBins);
        Count = (bins + _merge - 1) / _merge;
        Typical = Middle(series.Sent) ?? Middle(series.Received) ?? 1;
    }

    /// <summary>Bins to draw.</summary>
    public int Count { get; }

    /// <summary>Width of a bin, seconds.</summary>
    public double BinSeconds => _series.BinNs * (double)_merge / 1e9;

    /// <summary>
    /// Packets sent in a bin, in the median of the bins with any (received, where the sender was not seen); at least 1. The median,
    /// because a burst in one bin must not flatten all others.
    /// </summary>
    public int Typical { get; }

    /// <summary>Packets received in a bin.</summary>
    public int Received(int bin) => Sum(_series.Received, bin);

    /// <summary>The path that carried the bin; -1 where unknown.</summary>
    public int Path(int bin)
    {
        for (var i = bin * _merge; i < Math.Min((bin + 1) * _merge, _series.Path.Count); i++)
        {
            if (_series.Path[i] >= 0)
            {
                return _series.Path[i];
            }
        }

        return -1;
    }

    /// <summary>Start of a bin, seconds after <paramref name="originNs"/>.</summary>
    public double Start(int bin, long originNs) => ((_series.StartNs - originNs) / 1e9) + (bin * BinSeconds);

    private int? Middle(IReadOnlyList<int> values)
    {
        var sums = Enumerable.Range(0, Count).Select(i => Sum(values, i)).Where(n => n > 0).Order().ToList();
        return sums.Count == 0 ? null : sums[sums.Count / 2];
    }

    private int Sum(IReadOnlyList<int> values, int bin)
    {
        var sum = 0;
        for (var i = bin * _merge; i < Math.Min((bin + 1) * _merge, values.Count); i++)
        {
            sum += values[i];
        }

        return sum;
    }
}
