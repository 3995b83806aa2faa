using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Stamps counted in order of the file. Those of a part are counted by themselves and then added, with the same outcome.</summary>
internal sealed class StampTally
{
    private long _firstInFile;
    private long _lastInFile;

    /// <summary>Packets counted.</summary>
    public long Packets { get; private set; }

    /// <summary>Earliest stamp, ns since the Unix epoch.</summary>
    public long EarliestNs { get; private set; } = long.MaxValue;

    /// <summary>Latest stamp, ns since the Unix epoch.</summary>
    public long LatestNs { get; private set; } = long.MinValue;

    /// <summary>How far at most a stamp lies before that of the packet before it, ns.</summary>
    public long LargestBackwardNs { get; private set; }

    /// <summary>Counts a packet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(long stampNs)
    {
        if (stampNs < LatestNs || Packets == 0) CountOdd(stampNs);
        else LatestNs = stampNs;
        Packets++;
        _lastInFile = stampNs;
    }

    /// <summary>Counts the packets of the part that follows.</summary>
    public void Add(StampTally next)
    {
        if (next.Packets == 0) return;
        var backward = Packets > 0 ? Math.Max(next.LargestBackwardNs, _lastInFile - next._firstInFile) : next.LargestBackwardNs;
        if (Packets == 0) _firstInFile = next._firstInFile;
        LargestBackwardNs = Math.Max(LargestBackwardNs, backward);
        (EarliestNs, LatestNs) = (Math.Min(EarliestNs, next.EarliestNs), Math.Max(LatestNs, next.LatestNs));
        (Packets, _lastInFile) = (Packets + next.Packets, next._lastInFile);
    }

    /// <summary>Begins anew.</summary>
    public void Clear() => (Packets, EarliestNs, LatestNs, LargestBackwardNs) = (0, long.MaxValue, long.MinValue, 0);

    /// <summary>The first stamp, or one earlier than another before it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountOdd(long stampNs)
    {
        if (Packets == 0) _firstInFile = stampNs;
        else if (stampNs < _lastInFile) LargestBackwardNs = Math.Max(LargestBackwardNs, _lastInFile - stampNs);
        LatestNs = Math.Max(LatestNs, stampNs);
        EarliestNs = Math.Min(EarliestNs, stampNs);
    }
}
