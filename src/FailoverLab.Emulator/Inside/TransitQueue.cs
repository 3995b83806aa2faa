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

    // So much later than they say come those of the ring out; and how many of them did not have to wait for the one before.
    private long _laterNs;
    private int _free;

    internal int Count => _ring.Count + _heap.Count;

    /// <summary>When the next is due; <see cref="long.MaxValue"/> when none is inside.</summary>
    internal long NextDueNs => Math.Min(_ring.Count > 0 ? _ring.First.DueNs + _laterNs : long.MaxValue, _heap.Count > 0 ? _heap.First.DueNs : long.MaxValue);

    /// <summary>Packets whose times were changed one by one so far.</summary>
    internal long Moved { get; private set; }

    internal void Add(ref PacketEntry entry)
    {
        entry.Turn = _turn++;
        if (_ring.Count == 0 || entry.DueNs >= _ring.Last.DueNs + _laterNs)
        {
            AddToRing(entry);
        }
        else
        {
            _heap.Add(entry);
        }
    }

    /// <summary>How long the line took for the one that is due next, if it waited for the one before it; else 0.</summary>
    internal long NextLineNs => _ring.Count > 0 && _ring.First.DueNs + _laterNs <= NextDueNs ? _ring.First.LineNs : 0;

    /// <summary>
    /// Has the next and those that follow it on the line come out later. The first after them that did not have to wait keeps its time, if order allows.
    /// </summary>
    /// <param name="ns">How much later, ns.</param>
    /// <param name="pushedToNs">When the last of all is due, where only order made it later: what comes after it must not come out before; else the earliest number.</param>
    /// <returns>Whether there was none such: the line has been busy until now.</returns>
    internal bool Postpone(long ns, out long pushedToNs)
    {
        pushedToNs = long.MinValue;

        // A line that has been busy until now moves as one: thousands may be inside, and touching each would itself make the link late.
        if (_free == (_ring.First.LineNs == 0 ? 1 : 0))
        {
            _laterNs += ns;
            return true;
        }

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
            Moved++;
        }

        pushedToNs = isBusy ? long.MinValue : _ring.Last.DueNs + _laterNs;
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
            AddToRing(_kept.Take());
        }

        entry = default;
        return false;
    }

    /// <summary>Takes the one due first; not for an empty queue.</summary>
    internal PacketEntry Take()
    {
        if (_ring.Count == 0)
        {
            return _heap.Take();
        }

        if (_heap.Count > 0)
        {
            var first = _ring.First;
            first.DueNs += _laterNs;
            if (!EntryHeap.IsBefore(first, _heap.First))
            {
                return _heap.Take();
            }
        }

        var entry = _ring.Take();
        _free -= entry.LineNs == 0 ? 1 : 0;
        entry.DueNs += _laterNs;
        return entry;
    }

    private void AddToRing(PacketEntry entry)
    {
        _laterNs = _ring.Count == 0 ? 0 : _laterNs;
        _free += entry.LineNs == 0 ? 1 : 0;
        entry.DueNs -= _laterNs;
        _ring.Add(entry);
    }
}
