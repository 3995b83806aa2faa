using System.Numerics;

namespace FailoverLab.Dataplane;

/// <summary>
/// Counts times in buckets that grow with their size, so that every percentile is known within 1/16 of its value without keeping the
/// times. Recording allocates nothing. One thread records; a reader on another thread sees counts that may lag by a few.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 4;
    private const int SubBuckets = 1 << SubBits;
    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];

    /// <summary>Times recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Longest time recorded, ns; 0 when none was.</summary>
    public long MaxNs { get; private set; }

    /// <summary>Records a time.</summary>
    /// <param name="ns">Nanoseconds; a negative time counts as 0.</param>
    public void Record(long ns)
    {
        ns = Math.Max(0, ns);
        _counts[Bucket(ns)]++;
        Count++;
        MaxNs = Math.Max(MaxNs, ns);
    }

    /// <summary>The time that this share of the recorded times does not exceed.</summary>
    /// <param name="share">0..1; 0.99 for the 99th percentile.</param>
    /// <returns>Upper end of its bucket, at most <see cref="MaxNs"/>, ns; <see langword="null"/> when nothing was recorded.</returns>
    public long? PercentileNs(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return Math.Min(MaxNs, UpperEndNs(bucket));
            }
        }

        return null;
    }

    // Below 16 each value has its bucket; from there on every power of two is cut into 16.
    private static int Bucket(long ns)
    {
        if (ns < SubBuckets)
        {
            return (int)ns;
        }

        var shift = BitOperations.Log2((ulong)ns) - SubBits;
        return ((shift + 1) << SubBits) + (int)((ns >> shift) - SubBuckets);
    }

    private static long UpperEndNs(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        var shift = (bucket >> SubBits) - 1;
        return ((long)((bucket & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
