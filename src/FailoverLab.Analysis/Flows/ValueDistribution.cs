using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private const int SubMask = SubCount - 1;
    private const int BucketShift = 23 - SubBits;

    // A value's bucket is its sign, exponent and first bits of the mantissa as a 32-bit float: found without a branch, exact below 256.
    private const int Pages = 1 << 9;
    private const int FirstNegative = Pages / 2;

    private List<long>? _exact = [];
    private int[]?[]? _pages;

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
            Put(_pages!, value);
            return;
        }

        _exact.Add(value);
        if (_exact.Count > MostExact) Spill();
    }

    /// <summary>Takes values.</summary>
    public void Add(ReadOnlySpan<long> values)
    {
        var i = 0;
        for (; i < values.Length && _exact is not null; i++) Add(values[i]);
        var (least, greatest) = (Least, Greatest);
        var pages = _pages;
        foreach (var value in values[i..])
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
            Put(pages!, value);
        }

        (Least, Greatest) = (least, greatest);
        Count += values.Length - i;
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
        for (var p = 0; p < Pages; p++)
        {
            if (other._pages![p] is not { } page) continue;
            var own = _pages![p] ??= new int[SubCount];
            for (var sub = 0; sub < SubCount; sub++) own[sub] += page[sub];
        }
    }

    /// <summary>The distribution; absent for none.</summary>
    public DelaySummary? Summarise() => Count == 0 ? null : new DelaySummary(Least, At(0.5), At(0.99), Greatest);

    /// <summary>Nearest rank: the smallest value with at least this share of all values at or below it. Not for none.</summary>
    public long At(double share)
    {
        if (_exact is { } values) return Quantile.At(CollectionsMarshal.AsSpan(values), share);

        var rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Count);
        for (var p = Pages - 1; p >= FirstNegative; p--)
        {
            for (var sub = SubMask; sub >= 0 && _pages![p] is { } page; sub--)
            {
                if ((rank -= page[sub]) <= 0) return Math.Max(Least, -Middle(p - FirstNegative, sub));
            }
        }

        for (var p = 0; p < FirstNegative; p++)
        {
            for (var sub = 0; sub < SubCount && _pages![p] is { } page; sub++)
            {
                if ((rank -= page[sub]) <= 0) return Math.Clamp(Middle(p, sub), Least, Greatest);
            }
        }

        return Greatest;
    }

    /// <summary>The middle of a bucket of positive values, rounded down.</summary>
    private static long Middle(int page, int sub)
    {
        var bucket = (page << SubBits) | sub;
        var (low, next) = (BitConverter.Int32BitsToSingle(bucket << BucketShift), BitConverter.Int32BitsToSingle((bucket + 1) << BucketShift));
        return (long)low + ((long)(next - low) / 2);
    }

    private void Spill()
    {
        _pages = new int[]?[Pages];
        foreach (var value in _exact!) Put(_pages, value);
        _exact = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(int[]?[] pages, long value)
    {
        var bucket = BitConverter.SingleToUInt32Bits(value) >> BucketShift;
        var page = pages[bucket >> SubBits] ??= new int[SubCount];
        page[bucket & SubMask]++;
    }
}
