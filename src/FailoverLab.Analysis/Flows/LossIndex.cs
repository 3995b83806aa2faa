namespace FailoverLab.Analysis;

/// <summary>Every loss period of a flow (RFC 3357: packets lost in a row), to be asked how many packets were lost since an instant.</summary>
internal sealed class LossIndex
{
    private readonly List<LossRun> _runs = [];
    private long _nextRow = long.MinValue;

    /// <summary>The loss periods, in order of sending.</summary>
    public IReadOnlyList<LossRun> Runs => _runs;

    /// <summary>Adds a lost packet; in order of the numbers.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="lostBefore">Packets lost before it.</param>
    /// <param name="sendNs">When it was sent.</param>
    public void Add(long row, int lostBefore, long sendNs)
    {
        if (row == _nextRow && _runs.Count > 0) _runs[^1] = _runs[^1] with { Count = _runs[^1].Count + 1, LastSendNs = sendNs };
        else _runs.Add(new LossRun(row, 1, lostBefore, sendNs, sendNs));
        _nextRow = row + 1;
    }

    /// <summary>Packets lost that were sent before an instant; within a loss period by its even spacing.</summary>
    public int LostBefore(long sendNs)
    {
        var index = Find(run => run.FirstSendNs < sendNs);
        if (index < 0) return 0;
        var run = _runs[index];
        if (run.LastSendNs < sendNs) return run.LostBefore + run.Count;
        var share = (double)(sendNs - run.FirstSendNs) / (run.LastSendNs - run.FirstSendNs);
        return run.LostBefore + Math.Max(1, (int)Math.Ceiling(share * (run.Count - 1)));
    }

    /// <summary>Send time of the first packet lost with a number of at least a row, ns since the Unix epoch; absent where there is none.</summary>
    public long? FirstFrom(long row)
    {
        var index = FindRow(row);
        if (index >= 0 && _runs[index] is var run && row < run.FirstRow + run.Count)
            return run.Count == 1 ? run.FirstSendNs : run.FirstSendNs + ((run.LastSendNs - run.FirstSendNs) / (run.Count - 1) * (row - run.FirstRow));
        return index + 1 < _runs.Count ? _runs[index + 1].FirstSendNs : null;
    }

    /// <summary>Whether a packet was lost.</summary>
    public bool Holds(long row) => LostBeforeRow(row + 1) > LostBeforeRow(row);

    /// <summary>Packets lost with numbers below a row.</summary>
    public int LostBeforeRow(long row)
    {
        // Nearly all who ask, ask about the latest rows.
        var index = _runs.Count - 1;
        if (index >= 0 && _runs[index].FirstRow >= row) index = FindRow(row);
        return index < 0 ? 0 : _runs[index].LostBefore + (int)Math.Min(_runs[index].Count, row - _runs[index].FirstRow);
    }

    /// <summary>The last run that begins before a row; -1 = none. Asked of each belated packet, so without a closure.</summary>
    private int FindRow(long row)
    {
        var (low, high) = (0, _runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_runs[middle].FirstRow < row) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>The last run that begins before something; -1 = none.</summary>
    private int Find(Func<LossRun, bool> beginsBefore)
    {
        var (low, high) = (0, _runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (beginsBefore(_runs[middle])) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}
