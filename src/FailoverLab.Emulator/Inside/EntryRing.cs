using System.Numerics;

namespace FailoverLab.Emulator;

/// <summary>Packets in order of arrival; grows to what was inside at once.</summary>
internal sealed class EntryRing
{
    private PacketEntry[] _entries = new PacketEntry[64];
    private int _first;

    internal int Count { get; private set; }

    /// <summary>The first; not for an empty ring.</summary>
    internal ref PacketEntry First => ref _entries[_first];

    /// <summary>The last; not for an empty ring.</summary>
    internal ref PacketEntry Last => ref _entries[(_first + Count - 1) & (_entries.Length - 1)];

    /// <summary>The n-th from the first; n below <see cref="Count"/>.</summary>
    internal ref PacketEntry this[int n] => ref _entries[(_first + n) & (_entries.Length - 1)];

    internal void Add(in PacketEntry entry)
    {
        if (Count == _entries.Length)
        {
            Grow();
        }

        _entries[(_first + Count++) & (_entries.Length - 1)] = entry;
    }

    internal PacketEntry Take()
    {
        var entry = _entries[_first];
        _first = (_first + 1) & (_entries.Length - 1);
        Count--;
        return entry;
    }

    private void Grow()
    {
        var larger = new PacketEntry[BitOperations.RoundUpToPowerOf2((uint)_entries.Length + 1)];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = _entries[(_first + i) & (_entries.Length - 1)];
        }

        (_entries, _first) = (larger, 0);
    }
}
