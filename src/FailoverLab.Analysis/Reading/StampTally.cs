namespace FailoverLab.Analysis;

/// <summary>Stamps counted in order of the file. Those of a part are counted by themselves and then added, with the same outcome.</summary>
internal sealed class StampTally
{
    private long _firstInFile;
    private long _lastInFile;

    /// <summary>The last packet's stamp.</summary>
    public long LastInFileNs => _lastInFile;

    /// <summary>Packets counted, without those that carry no stamp.</summary>
    public long Packets { get; private set; }

    /// <summary>Packets that carry no stamp.</summary>
    public long Unstamped { get; private set; }

    /// <summary>Earliest stamp, ns since the Unix epoch.</summary>
    public long EarliestNs { get; private set; } = long.MaxValue;

    /// <summary>Latest stamp, ns since the Unix epoch.</summary>
    public long LatestNs { get; private set; } = long.MinValue;

    /// <summary>How far at most a stamp lies before that of the packet before it, ns.</summary>
    public long LargestBackwardNs { get; private set; }

    /// <summary>Counts packets: the last of them, and the latest.</summary>
    public void Count(int packets, long lastNs, long latestNs) => (Packets, _lastInFile, LatestNs) = (Packets + packets, lastNs, latestNs);

    /// <summary>Counts packets that carry no stamp.</summary>
    public void CountUnstamped(int packets) => Unstamped += packets;

    /// <summary>Notes the first stamp, or one earlier than another before it.</summary>
    /// <param name="stampNs">The stamp.</param>
    /// <param name="beforeNs">The one before it.</param>
    /// <param name="latestNs">The latest so far; <see cref="StampRun.None"/> = it is the first.</param>
    /// <returns>The latest now.</returns>
    public long NoteOdd(long stampNs, long beforeNs, long latestNs)
    {
        EarliestNs = Math.Min(EarliestNs, stampNs);
        if (latestNs == StampRun.None) return _firstInFile = stampNs;
        LargestBackwardNs = Math.Max(LargestBackwardNs, beforeNs - stampNs);
        return latestNs;
    }

    /// <summary>Counts the packets of the part that follows.</summary>
    public void Add(StampTally next)
    {
        Unstamped += next.Unstamped;
        if (next.Packets == 0) return;
        var backward = Packets > 0 ? Math.Max(next.LargestBackwardNs, _lastInFile - next._firstInFile) : next.LargestBackwardNs;
        if (Packets == 0) _firstInFile = next._firstInFile;
        LargestBackwardNs = Math.Max(LargestBackwardNs, backward);
        (EarliestNs, LatestNs) = (Math.Min(EarliestNs, next.EarliestNs), Math.Max(LatestNs, next.LatestNs));
        (Packets, _lastInFile) = (Packets + next.Packets, next._lastInFile);
    }

    /// <summary>Begins anew.</summary>
    public void Clear() => (Packets, Unstamped, EarliestNs, LatestNs, LargestBackwardNs) = (0, 0, long.MaxValue, long.MinValue, 0);
}
