namespace FailoverLab.Analysis;

/// <summary>Packets that came out of a link in each of the latest short intervals, the base of RFC 6412's packet sampling intervals.</summary>
internal sealed class RateRing
{
    /// <summary>Length of one interval, ns; intervals begin at whole multiples of it since the Unix epoch.</summary>
    public const long BaseNs = 10_000_000;

    private const int Size = 4096;

    private readonly Interval[] _intervals = new Interval[Size];
    private long _highest = long.MinValue;

    /// <summary>Counts a packet by its exit.</summary>
    /// <param name="exitNs">When it came out, ns since the Unix epoch.</param>
    /// <param name="delayNs">How long it was in the link.</param>
    /// <param name="sendGapNs">Time since the packet before it was sent.</param>
    public void Add(long exitNs, long delayNs, long sendGapNs)
    {
        var bin = exitNs / BaseNs;
        if (bin > _highest) Open(bin);
        if (bin <= _highest - Size) return;
        ref var interval = ref _intervals[bin & (Size - 1)];
        interval.Least = interval.Count == 0 ? delayNs : Math.Min(interval.Least, delayNs);
        interval.Most = Math.Max(interval.Most, delayNs);
        interval.SendGap = Math.Max(interval.SendGap, sendGapNs);
        interval.Count++;
    }

    /// <summary>The counts of some intervals, as far as they are still kept.</summary>
    public int[] Counts(long firstBin, int count)
    {
        var counts = new int[count];
        for (var i = 0; i < count; i++) counts[i] = At(firstBin + i).Count;
        return counts;
    }

    /// <summary>How much the timing of packets that came out in some intervals varied, and what they took.</summary>
    public LinkTiming Timing(long firstBin, int count)
    {
        var (least, most, gap) = (long.MaxValue, long.MinValue, 0L);
        for (var i = 0; i < count; i++)
        {
            var interval = At(firstBin + i);
            if (interval.Count == 0) continue;
            (least, most, gap) = (Math.Min(least, interval.Least), Math.Max(most, interval.Most), Math.Max(gap, interval.SendGap));
        }

        return least > most ? new LinkTiming(0, 0, 0) : new LinkTiming(least, most, gap);
    }

    private Interval At(long bin) => bin <= _highest && bin > _highest - Size ? _intervals[bin & (Size - 1)] : default;

    private void Open(long bin)
    {
        if (_highest == long.MinValue || bin - _highest >= Size) Array.Clear(_intervals);
        else for (var b = _highest + 1; b <= bin; b++) _intervals[b & (Size - 1)] = default;
        _highest = bin;
    }

    private struct Interval
    {
        public int Count;
        public long Least;
        public long Most;
        public long SendGap;
    }
}
