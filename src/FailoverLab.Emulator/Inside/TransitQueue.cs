namespace FailoverLab.Emulator;

/// <summary>
/// Packets behind the bottleneck until they are due. One that is due after all others goes to the end of a ring, which costs the same
/// however many are inside; only one that overtakes goes to a heap.
/// </summary>
internal sealed class TransitQueue
{
    private readonly EntryRing _ring = new();
    private readonly EntryHeap _heap = new();
    private readonly EntryRing _kept = new();
    private long _turn;

    internal int Count => _ring.Count + _heap.Count;

    /// <summary>When the next is due; <see cref="long.MaxValue"/> when none is inside.</summary>
    internal long NextDueNs => Math.Min(_ring.Count > 0 ? _ring.First.DueNs : long.MaxValue, _heap.Count > 0 ? _heap.First.DueNs : long.MaxValue);

    internal void Add(ref PacketEntry entry)
    {
        entry.Turn = _turn++;
        if (_ring.Count == 0 || entry.DueNs >= _ring.Last.DueNs)
        {
            _ring.Add(entry);
        }
        else
        {
            _heap.Add(entry);
        }
    }

    /// <summary>How long the line took for the one that is due next, if it waited for the one before it; else 0.</summary>
    internal long NextLineNs => _ring.Count > 0 && _ring.First.DueNs <= NextDueNs ? _ring.First.LineNs : 0;

    /// <summary>
    /// Has the next and those that follow it on the line come out later. The first after them that did not have to wait keeps its time, if order allows.
    /// </summary>
    /// <returns>Whether there was none such: the line has been busy until now.</returns>
    internal bool Postpone(long ns)
    {
        _ring.First.DueNs += ns;
        var isBusy = true;
        for (var i = 1; i < _ring.Count; i++)
        {
            ref var entry = ref _ring[i];
            isBusy &= entry.LineNs > 0;
            var dueNs = isBusy ? entry.DueNs + ns : Math.Max(entry.DueNs, _ring[i - 1].DueNs);
            if (dueNs == entry.DueNs)
            {
                return false;
            }

            entry.DueNs = dueNs;
        }

        return isBusy;
    }

    /// <summary>Takes one that is due after an instant, if there is any. Those due by then stay.</summary>
    internal bool TryTakeAfter(long instantNs, out PacketEntry entry)
    {
        // Rare: the link goes down. What stays is set aside, in order, until all others are gone.
        for (var left = Count; left > 0; left--)
        {
            entry = Take();
            if (entry.DueNs > instantNs)
            {
                return true;
            }

            _kept.Add(entry);
        }

        while (_kept.Count > 0)
        {
            _ring.Add(_kept.Take());
        }

        entry = default;
        return false;
    }

    /// <summary>Takes the one due first; not for an empty queue.</summary>
    internal PacketEntry Take() =>
        _heap.Count == 0 || (_ring.Count > 0 && EntryHeap.IsBefore(_ring.First, _heap.First)) ? _ring.Take() : _heap.Take();
}
