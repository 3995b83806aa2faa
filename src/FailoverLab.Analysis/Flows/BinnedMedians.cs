namespace FailoverLab.Analysis;

/// <summary>
/// A typical value per bin of a <see cref="BinGrid"/>: the median of its values where they come in order of time. Of two bins that
/// become one, the value of the one with more packets stays. For figures only.
/// </summary>
internal sealed class BinnedMedians(BinGrid grid)
{
    private const int MaxValues = 1024;

    private long[] _values = [];
    private (long Median, int Count)[] _bins = new (long, int)[16];
    private int _used;
    private int _bin = -1;
    private int _count;
    private int _seen;
    private int _stride = 1;
    private int _doublings;

    /// <summary>How often the width was doubled.</summary>
    public int Doublings => _doublings;

    private long WidthNs => grid.WidthNs << _doublings;

    /// <summary>Takes a value at an instant.</summary>
    public void Add(long ns, long value)
    {
        var bin = Math.Max(0, (ns - grid.StartNs) / WidthNs);
        if (bin != _bin)
        {
            Close();
            for (; bin >= BinGrid.MaxCount; bin /= 2) Double();
            _bin = (int)bin;
        }

        // Many values are thinned evenly: every second, then every fourth.
        if (_seen++ % _stride != 0) return;
        if (_count == MaxValues)
        {
            for (var i = 0; i < MaxValues / 2; i++) _values[i] = _values[i * 2];
            _count = MaxValues / 2;
            _stride *= 2;
        }

        if (_values.Length == 0) _values = new long[MaxValues];
        _values[_count++] = value;
    }

    /// <summary>Median and number of values in bins of a width so often doubled.</summary>
    public (long Median, int Count)[] At(int doublings)
    {
        Close();
        while (_doublings < doublings) Double();
        return _bins[.._used];
    }

    private void Close()
    {
        if (_count > 0)
        {
            if (_bin >= _bins.Length) Array.Resize(ref _bins, Math.Max(_bin + 1, _bins.Length * 2));
            _used = Math.Max(_used, _bin + 1);
            var now = (Quantile.Median(_values.AsSpan(0, _count)), _seen);
            _bins[_bin] = Larger(_bins[_bin], now);
        }

        (_count, _seen, _stride) = (0, 0, 1);
    }

    private void Double()
    {
        for (var bin = 0; bin < _used; bin += 2) _bins[bin / 2] = bin + 1 < _used ? Larger(_bins[bin], _bins[bin + 1]) : _bins[bin];
        var half = (_used + 1) / 2;
        Array.Clear(_bins, half, _used - half);
        _used = half;
        _doublings++;
    }

    private static (long Median, int Count) Larger((long Median, int Count) one, (long Median, int Count) other) =>
        (one.Count >= other.Count ? one.Median : other.Median, one.Count + other.Count);
}
