using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FailoverLab.Analysis;

/// <summary>
/// The median time between packets with neighbouring numbers: exact for the first few hundred; beyond, the mean of the values within
/// a 32nd of the median, which is the same for a steady sender.
/// </summary>
internal sealed class IntervalMeter
{
    private const int Exact = 256;
    private const int SubBits = 5;
    private const int SubCount = 1 << SubBits;

    private readonly (long Count, long Sum)[]?[] _octaves = new (long, long)[]?[64 - SubBits];
    private List<long>? _first = [];
    private long _soFarNs;
    private long _renewAt = 16;

    /// <summary>Intervals taken.</summary>
    public long Count { get; private set; }

    /// <summary>The median when the count last doubled, ns; 0 at the very beginning.</summary>
    public long SoFarNs
    {
        get
        {
            if (Count < _renewAt) return _soFarNs;
            _renewAt = Count * 2;
            return _soFarNs = MedianNs();
        }
    }

    /// <summary>Takes an interval; one below zero (a stepped clock) is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long ns)
    {
        if (ns < 0) return;
        if (_first is not null) Keep(ns);
        Count++;
        ref var bucket = ref BucketOf(ns, OctaveOf(ns));
        bucket.Count++;
        bucket.Sum += ns;
    }

    /// <summary>Takes the intervals between neighbours.</summary>
    public void AddBetween(ReadOnlySpan<long> sends)
    {
        var i = 1;
        for (; i < sends.Length && _first is not null; i++) Add(sends[i] - sends[i - 1]);
        while (i < sends.Length)
        {
            var first = sends[i] - sends[i - 1];
            if (first < 0)
            {
                i++;
                continue;
            }

            // A steady sender's intervals fall into one bucket for long.
            var octave = OctaveOf(first);
            var width = 1L << Math.Max(0, octave - 1);
            var least = first & -width;
            var (count, sum) = (0L, 0L);
            for (; i < sends.Length && sends[i] - sends[i - 1] is var ns && (ulong)(ns - least) < (ulong)width; i++) (count, sum) = (count + 1, sum + ns);
            ref var bucket = ref BucketOf(first, octave);
            (bucket.Count, bucket.Sum, Count) = (bucket.Count + count, bucket.Sum + sum, Count + count);
        }
    }

    /// <summary>The median, ns; 0 where there is none.</summary>
    public long MedianNs()
    {
        if (Count == 0) return 0;
        if (Count <= Exact) return Quantile.Median(CollectionsMarshal.AsSpan(_first));
        var rank = (Count + 1) / 2;
        foreach (var octave in _octaves)
        {
            foreach (var (count, sum) in octave ?? [])
            {
                if ((rank -= count) <= 0) return sum / count;
            }
        }

        return 0;
    }

    /// <summary>Keeps a value while all are kept; beyond, none is: with thousands of flows that is much memory.</summary>
    private void Keep(long ns)
    {
        if (Count < Exact) _first!.Add(ns);
        else _first = null;
    }

    private static int OctaveOf(long ns) => ns < SubCount ? 0 : BitOperations.Log2((ulong)ns) - SubBits + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref (long Count, long Sum) BucketOf(long ns, int octave)
    {
        var buckets = _octaves[octave] ??= new (long, long)[SubCount];
        return ref buckets[(int)(octave == 0 ? ns : (ns >> (octave - 1)) & (SubCount - 1))];
    }
}
