using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>One-way delays of the latest arrivals of a flow, each with the path it came over.</summary>
internal sealed class RecentDelays
{
    /// <summary>How many are kept; a power of two.</summary>
    public const int Kept = 128;

    private const double UsualShare = 0.1;

    private readonly long[] _delays = new long[Kept];
    private readonly sbyte[] _paths = new sbyte[Kept];

    /// <summary>Arrivals taken.</summary>
    public long Count { get; private set; }

    /// <summary>Takes an arrival.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long delayNs, int path)
    {
        var at = (int)Count++ & (Kept - 1);
        _delays[at] = delayNs;
        _paths[at] = (sbyte)path;
    }

    /// <summary>Takes arrivals whose path nobody saw.</summary>
    public void Add(ReadOnlySpan<long> delays)
    {
        // Only the latest are kept, so only they are noted.
        var noted = Math.Min(delays.Length, Kept);
        var at = (int)(Count + delays.Length - noted) & (Kept - 1);
        var untilEnd = Math.Min(noted, Kept - at);
        var kept = delays[^noted..];
        kept[..untilEnd].CopyTo(_delays.AsSpan(at));
        kept[untilEnd..].CopyTo(_delays);
        _paths.AsSpan(at, untilEnd).Fill(-1);
        _paths.AsSpan(0, noted - untilEnd).Fill(-1);
        Count += delays.Length;
    }

    /// <summary>Greatest less least of the latest.</summary>
    /// <param name="latest">How many; at most <see cref="Kept"/>.</param>
    public long RangeNs(long latest)
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        for (var k = Math.Max(0, Count - latest); k < Count; k++)
        {
            var delay = _delays[k & (Kept - 1)];
            (least, most) = (Math.Min(least, delay), Math.Max(most, delay));
        }

        return most > least ? most - least : 0;
    }

    /// <summary>
    /// How much longer than usual an arrival took: less the delay that a tenth of the latest over the same path do not exceed. What holds packets only
    /// adds delay, and may have held most of them.
    /// </summary>
    /// <param name="arrival">The arrival.</param>
    /// <param name="latest">How many; at most <see cref="Kept"/>.</param>
    public long LatenessNs(in Arrival arrival, long latest)
    {
        Span<long> alike = stackalloc long[Kept];
        var count = 0;
        for (var k = Math.Max(0, Count - latest); k < Count; k++)
        {
            if (_paths[k & (Kept - 1)] == arrival.Path) alike[count++] = _delays[k & (Kept - 1)];
        }

        return count == 0 ? 0 : arrival.DelayNs - Quantile.At(alike[..count], UsualShare);
    }
}
