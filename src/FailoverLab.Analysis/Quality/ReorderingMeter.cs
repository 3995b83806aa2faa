using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>How far packets were overtaken (RFC 4737 section 4.2), over first copies in order of arrival.</summary>
internal sealed class ReorderingMeter
{
    private const int Remembered = 1024;

    private readonly long[] _arrivals = new long[Remembered];
    private long _count;
    private long _highest = long.MinValue;
    private long _reordered;
    private long _extents;
    private long _greatest;

    /// <summary>Takes an arrival's number.</summary>
    public void Add(long row)
    {
        if (row < _highest) Measure(row);
        else _highest = row;
        _arrivals[_count++ & (Remembered - 1)] = row;
    }

    /// <summary>Takes arrivals with higher numbers than all before, in order.</summary>
    public void Add(in SteadyRun run)
    {
        var at = (int)_count & (Remembered - 1);
        var untilEnd = Math.Min(run.Count, Remembered - at);
        Fill(_arrivals.AsSpan(at, untilEnd), run.FirstRow);
        Fill(_arrivals.AsSpan(0, run.Count - untilEnd), run.FirstRow + untilEnd);
        _count += run.Count;
        _highest = run.LastRow;
    }

    /// <summary>The summary; absent where nothing was overtaken.</summary>
    public ReorderingSummary? Build() => _reordered == 0 ? null : new ReorderingSummary((double)_reordered / _count, (double)_extents / _reordered, _greatest);

    private static void Fill(Span<long> places, long first)
    {
        for (var i = 0; i < places.Length; i++) places[i] = first + i;
    }

    /// <summary>Back to the earliest arrival with a higher number.</summary>
    private void Measure(long row)
    {
        var extent = 0L;
        for (var back = 1L; back <= Math.Min(_count, Remembered); back++)
        {
            if (_arrivals[(_count - back) & (Remembered - 1)] > row) extent = back;
        }

        _reordered++;
        _extents += extent;
        _greatest = Math.Max(_greatest, extent);
    }
}
