using System.Numerics;
using System.Runtime.CompilerServices;

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
    private readonly List<long> _first = [];
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
        if (Count++ < Exact) _first.Add(ns);
        var octave = ns < SubCount ? 0 : BitOperations.Log2((ulong)ns) - SubBits + 1;
        var buckets = _octaves[octave] ??= new (long, long)[SubCount];
        ref var bucket = ref buckets[(int)(octave == 0 ? ns : (ns >> (octave - 1)) & (SubCount - 1))];
        bucket.Count++;
        bucket.Sum += ns;
    }

    /// <summary>Takes the intervals between neighbours.</summary>
    public void AddBetween(ReadOnlySpan<long> sends)
    {
        for (var i = 1; i < sends.Length; i++) Add(sends[i] - sends[i - 1]);
    }

    /// <summary>The median, ns; 0 where there is none.</summary>
    public long MedianNs()
    {
        if (Count == 0) return 0;
        if (Count <= Exact) return Quantile.Median(_first.ToArray());
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
}
