using System.Numerics;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>
/// Collects values for quantiles: exact by nearest rank up to some thousands, beyond in buckets no wider than 0.8 % of their values, so
/// that a quantile is off by half of that at most. Least and greatest are always exact. The outcome does not depend on the order of
/// the values, nor on how they were parted before being added up.
/// </summary>
internal sealed class ValueDistribution
{
    /// <summary>So many values are kept as they are.</summary>
    public const int MostExact = 4096;

    private const int SubBits = 7;
    private const int SubCount = 1 << SubBits;

    private List<long>? _exact = [];
    private int[]?[]? _negative;
    private int[]?[]? _positive;

    /// <summary>Values taken.</summary>
    public long Count { get; private set; }

    /// <summary>The least; meaningless while there is none.</summary>
    public long Least { get; private set; } = long.MaxValue;

    /// <summary>The greatest; meaningless while there is none.</summary>
    public long Greatest { get; private set; } = long.MinValue;

    /// <summary>Takes a value.</summary>
    public void Add(long value)
    {
        Count++;
        if (value < Least) Least = value;
        if (value > Greatest) Greatest = value;
        if (_exact is null)
        {
            Put(value, 1);
            return;
        }

        _exact.Add(value);
        if (_exact.Count > MostExact) Spill();
    }

    /// <summary>Takes values.</summary>
    public void Add(ReadOnlySpan<long> values)
    {
        foreach (var value in values) Add(value);
    }

    /// <summary>Takes all values of another.</summary>
    public void Add(ValueDistribution other)
    {
        if (other._exact is { } values)
        {
            foreach (var value in values) Add(value);
            return;
        }

        if (_exact is not null) Spill();
        Count += other.Count;
        (Least, Greatest) = (Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));
        Merge(ref _negative, other._negative);
        Merge(ref _positive, other._positive);
    }

    /// <summary>The distribution; absent for none.</summary>
    public DelaySummary? Summarise() => Count == 0 ? null : new DelaySummary(Least, At(0.5), At(0.99), Greatest);

    /// <summary>Nearest rank: the smallest value with at least this share of all values at or below it. Not for none.</summary>
    public long At(double share)
    {
        if (_exact is { } values)
        {
            var sorted = values.ToArray();
            Array.Sort(sorted);
            return Quantile.AtRank(sorted, share);
        }

        var rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Count);
        for (var octave = 64 - SubBits; octave >= 0 && _negative is not null; octave--)
        {
            for (var sub = SubCount - 1; sub >= 0 && _negative[octave] is { } page; sub--)
            {
                if ((rank -= page[sub]) <= 0) return Math.Max(Least, -Middle(octave, sub));
            }
        }

        for (var octave = 0; octave <= 64 - SubBits && _positive is not null; octave++)
        {
            for (var sub = 0; sub < SubCount && _positive[octave] is { } page; sub++)
            {
                if ((rank -= page[sub]) <= 0) return Math.Clamp(Middle(octave, sub), Least, Greatest);
            }
        }

        return Greatest;
    }

    private static long Middle(int octave, int sub) => octave == 0 ? sub : ((long)(SubCount + sub) << (octave - 1)) + ((1L << (octave - 1)) >> 1);

    private static void Merge(ref int[]?[]? own, int[]?[]? other)
    {
        for (var octave = 0; octave < (other?.Length ?? 0); octave++)
        {
            if (other![octave] is not { } page) continue;
            own ??= new int[]?[65 - SubBits];
            var target = own[octave] ??= new int[SubCount];
            for (var sub = 0; sub < SubCount; sub++) target[sub] += page[sub];
        }
    }

    private void Spill()
    {
        foreach (var value in _exact!) Put(value, 1);
        _exact = null;
    }

    private void Put(long value, int count)
    {
        ref var side = ref value < 0 ? ref _negative : ref _positive;
        side ??= new int[]?[65 - SubBits];
        var size = value < 0 ? (ulong)-value : (ulong)value;
        var octave = size < SubCount ? 0 : BitOperations.Log2(size) - SubBits + 1;
        var page = side[octave] ??= new int[SubCount];
        page[(int)(octave == 0 ? size : (size >> (octave - 1)) & (SubCount - 1))] += count;
    }
}
