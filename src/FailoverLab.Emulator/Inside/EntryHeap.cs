namespace FailoverLab.Emulator;

/// <summary>Packets by due time, those of one instant in their order; a heap with four children a node.</summary>
internal sealed class EntryHeap
{
    private const int Children = 4;
    private PacketEntry[] _entries = new PacketEntry[64];

    internal int Count { get; private set; }

    /// <summary>The one due first; not for an empty heap.</summary>
    internal ref PacketEntry First => ref _entries[0];

    internal static bool IsBefore(in PacketEntry a, in PacketEntry b) => a.DueNs < b.DueNs || (a.DueNs == b.DueNs && a.Turn < b.Turn);

    internal void Add(in PacketEntry entry)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        var hole = Count++;
        while (hole > 0 && IsBefore(entry, _entries[(hole - 1) / Children]))
        {
            _entries[hole] = _entries[(hole - 1) / Children];
            hole = (hole - 1) / Children;
        }

        _entries[hole] = entry;
    }

    internal PacketEntry Take()
    {
        var first = _entries[0];
        var last = _entries[--Count];
        var hole = 0;
        while (true)
        {
            var least = (hole * Children) + 1;
            if (least >= Count)
            {
                break;
            }

            var end = Math.Min(least + Children, Count);
            for (var child = least + 1; child < end; child++)
            {
                if (IsBefore(_entries[child], _entries[least]))
                {
                    least = child;
                }
            }

            if (!IsBefore(_entries[least], last))
            {
                break;
            }

            _entries[hole] = _entries[least];
            hole = least;
        }

        _entries[hole] = last;
        return first;
    }
}
