namespace FailoverLab.Emulator;

/// <summary>Counts what became of packets; changed in place, because a record of this size would be copied for every packet.</summary>
internal struct PacketTally
{
    private const int Ends = (int)PacketEnd.Inside + 1;
    private EndCounts _lost;
    private long _forwarded;
    private long _forwardedBytes;
    private long _duplicated;
    private long _corrupted;
    private long _reordered;
    private long _stoodStillNs;

    internal void Lose(PacketEnd end) => _lost[(int)end]++;

    internal void StandStill(long ns) => _stoodStillNs += ns;

    internal void Pass(in PacketEntry packet)
    {
        _forwarded++;
        _forwardedBytes += packet.Length;
    }

    internal void Mark(PacketMarks marks)
    {
        _duplicated += (long)(marks & PacketMarks.Duplicated) / (long)PacketMarks.Duplicated;
        _corrupted += (long)(marks & PacketMarks.Corrupted) / (long)PacketMarks.Corrupted;
        _reordered += (long)(marks & PacketMarks.Reordered) / (long)PacketMarks.Reordered;
    }

    internal readonly LinkCounters Read(int inside) => new()
    {
        Forwarded = _forwarded,
        ForwardedBytes = _forwardedBytes,
        Duplicated = _duplicated,
        Corrupted = _corrupted,
        Reordered = _reordered,
        DroppedByLoss = _lost[(int)PacketEnd.Loss],
        DroppedByPattern = _lost[(int)PacketEnd.Pattern],
        DroppedBySlots = _lost[(int)PacketEnd.Slots],
        DroppedByDrop = _lost[(int)PacketEnd.Drop],
        DroppedByMtu = _lost[(int)PacketEnd.TooLong],
        DroppedByQueue = _lost[(int)PacketEnd.Queue],
        DroppedByCoDel = _lost[(int)PacketEnd.CoDel],
        DroppedByDown = _lost[(int)PacketEnd.Down] + _lost[(int)PacketEnd.Inside],
        DroppedByCapacity = _lost[(int)PacketEnd.Capacity],
        Inside = inside,
        StoodStillNs = _stoodStillNs,
    };

    [System.Runtime.CompilerServices.InlineArray(Ends)]
    private struct EndCounts
    {
        private long _first;
    }
}
