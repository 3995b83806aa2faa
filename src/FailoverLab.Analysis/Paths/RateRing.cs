namespace FailoverLab.Analysis;

/// <summary>Packets that came out of a link in each of the latest short intervals, the base of RFC 6412's packet sampling intervals.</summary>
internal sealed class RateRing
{
    /// <summary>Length of one interval, ns; intervals begin at whole multiples of it since the Unix epoch.</summary>
    public const long BaseNs = 10_000_000;

    private const int Size = 4096;

    private readonly int[] _counts = new int[Size];
    private long _highest = long.MinValue;

    /// <summary>Counts a packet by its exit.</summary>
    public void Add(long exitNs)
    {
        var bin = exitNs / BaseNs;
        if (bin > _highest) Open(bin);
        if (bin > _highest - Size) _counts[bin & (Size - 1)]++;
    }

    /// <summary>The counts of some intervals, as far as they are still kept.</summary>
    public int[] Copy(long firstBin, int count)
    {
        var copy = new int[count];
        for (var i = 0; i < count; i++)
        {
            var bin = firstBin + i;
            if (bin <= _highest && bin > _highest - Size) copy[i] = _counts[bin & (Size - 1)];
        }

        return copy;
    }

    private void Open(long bin)
    {
        if (_highest == long.MinValue || bin - _highest >= Size) Array.Clear(_counts);
        else for (var b = _highest + 1; b <= bin; b++) _counts[b & (Size - 1)] = 0;
        _highest = bin;
    }
}
