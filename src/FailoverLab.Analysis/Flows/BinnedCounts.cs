using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Counts of events over time in bins of a <see cref="BinGrid"/>.</summary>
internal sealed class BinnedCounts(BinGrid grid)
{
    private long[] _counts = new long[16];
    private int _used;
    private int _bin;
    private long _binStartNs;
    private long _binEndNs = long.MinValue;

    /// <summary>How often the width was doubled.</summary>
    public int Doublings { get; private set; }

    private long WidthNs => grid.WidthNs << Doublings;

    /// <summary>Counts an event, or so much of something.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long ns, long amount = 1)
    {
        if (ns < _binStartNs || ns >= _binEndNs) Seek(ns);
        _counts[_bin] += amount;
    }

    /// <summary>Counts packets by when they were sent.</summary>
    public void Add(in SettledRun run)
    {
        if (IsOneBin(run.EarliestNs, run.LatestNs))
        {
            _counts[_bin] += run.SendsNs.Length;
            return;
        }

        var sends = run.SendsNs;
        for (var i = 0; i < sends.Length;)
        {
            Add(sends[i]);
            var first = ++i;
            while (i < sends.Length && sends[i] >= _binStartNs && sends[i] < _binEndNs) i++;
            _counts[_bin] += i - first;
        }
    }

    /// <summary>Whether two instants lie in the bin that was last counted in.</summary>
    public bool IsOneBin(long firstNs, long lastNs) => firstNs >= _binStartNs && lastNs < _binEndNs;

    /// <summary>The counts in bins of a width so often doubled.</summary>
    /// <param name="doublings">Not less than <see cref="Doublings"/>.</param>
    public long[] At(int doublings)
    {
        while (Doublings < doublings) Double();
        return _counts[.._used];
    }

    private void Seek(long ns)
    {
        var bin = Math.Max(0, (ns - grid.StartNs) / WidthNs);
        for (; bin >= BinGrid.MaxCount; bin /= 2) Double();
        _bin = (int)bin;
        if (_bin >= _counts.Length) Array.Resize(ref _counts, Math.Max(_bin + 1, _counts.Length * 2));
        _used = Math.Max(_used, _bin + 1);

        // What comes before the first bin is counted in it.
        _binStartNs = _bin == 0 ? long.MinValue : grid.StartNs + (_bin * WidthNs);
        _binEndNs = grid.StartNs + ((_bin + 1) * WidthNs);
    }

    private void Double()
    {
        for (var bin = 0; bin < _used; bin += 2) _counts[bin / 2] = _counts[bin] + (bin + 1 < _used ? _counts[bin + 1] : 0);
        var half = (_used + 1) / 2;
        Array.Clear(_counts, half, _used - half);
        _used = half;
        Doublings++;
        _binEndNs = long.MinValue;
    }
}
