namespace FailoverLab.Analysis;

/// <summary>
/// Finds the first trace of a flow on a path: the length that the tunnel adds and the time that packets take, by counting, for every pair
/// of a probe and a packet, how often each difference of length and time occurs. The true pair of both stands out: the code of the probe's
/// sizes agrees with itself nowhere else.
/// </summary>
internal sealed class TransitScan
{
    /// <summary>Probes that are enough to look at.</summary>
    public const int EnoughProbes = 1024;

    private const long BinNs = 250_000;
    private const int WidestBins = 256;

    // A tooth of a comb (another flow with the same interval, the flow's own repeats) is no trace; its neighbours are as high.
    private const int Rivals = 4;
    private const int FewestWindows = 3 * Rivals;

    private readonly long _fromNs;
    private readonly int _bins;
    private readonly int _overheads;
    private readonly int[] _counts;
    private readonly int[] _sums;

    /// <summary>Makes the table; it is used again by every scan.</summary>
    /// <param name="fromNs">Shortest time looked at, ns; below zero where clocks differ.</param>
    /// <param name="toNs">Longest.</param>
    /// <param name="overheads">Added lengths looked at: 0 to this, left out.</param>
    public TransitScan(long fromNs, long toNs, int overheads)
    {
        (_fromNs, _overheads) = (fromNs, overheads);
        _bins = (int)((toNs - fromNs) / BinNs) + 1;
        _counts = new int[_overheads * _bins];
        _sums = new int[_bins + 1];
    }

    /// <summary>What was found.</summary>
    /// <param name="Overhead">Bytes the tunnel adds.</param>
    /// <param name="LowNs">Start of the interval that most transits lie in, ns.</param>
    /// <param name="HighNs">Its end.</param>
    /// <param name="Score">How far it stands out, in standard deviations.</param>
    public readonly record struct Trace(int Overhead, long LowNs, long HighNs, double Score);

    /// <summary>Scans from entry to capture.</summary>
    /// <param name="probes">The probes to look at.</param>
    /// <param name="ledger">The packets of the path.</param>
    /// <param name="known">Overheads to look at; <see langword="null"/> for all.</param>
    public Trace? FromEntry(ReadOnlySpan<ProbePassage> probes, PathLedger ledger, IReadOnlyCollection<int>? known)
    {
        Array.Clear(_counts);
        foreach (ref readonly var probe in probes) Count(probe.Size, probe.EntryNs, 1, ledger, known);
        return Best();
    }

    /// <summary>Scans from capture to exit, with the probes that came out; for one overhead.</summary>
    public Trace? ToExit(ReadOnlySpan<ProbePassage> probes, PathLedger ledger, int overhead)
    {
        Array.Clear(_counts);
        foreach (ref readonly var probe in probes)
        {
            if (probe.IsDelivered) Count(probe.Size, probe.ExitNs, -1, ledger, [overhead]);
        }

        return Best();
    }

    private void Count(int size, long atNs, int sign, PathLedger ledger, IReadOnlyCollection<int>? known)
    {
        var (firstNs, lastNs) = sign > 0 ? (atNs + _fromNs, atNs + End) : (atNs - End, atNs - _fromNs);
        if (known is not null)
        {
            foreach (var overhead in known)
            {
                foreach (var packet in ledger.Between(size + overhead, firstNs, lastNs)) Add(overhead, sign * (ledger.StampOf(packet) - atNs));
            }

            return;
        }

        for (var packet = ledger.FirstFrom(firstNs); packet < ledger.Count && ledger.StampOf(packet) <= lastNs; packet++)
        {
            var overhead = ledger.LengthOf(packet) - size;
            if ((uint)overhead < (uint)_overheads) Add(overhead, sign * (ledger.StampOf(packet) - atNs));
        }
    }

    private long End => _fromNs + (_bins * BinNs) - 1;

    private void Add(int overhead, long transitNs) => _counts[(overhead * _bins) + (int)((transitNs - _fromNs) / BinNs)]++;

    private Trace? Best()
    {
        Trace? best = null;
        for (var overhead = 0; overhead < _overheads; overhead++)
        {
            for (var bin = 0; bin < _bins; bin++) _sums[bin + 1] = _sums[bin] + _counts[(overhead * _bins) + bin];
            if (_sums[_bins] < 8) continue;
            for (var width = 1; width <= WidestBins && width * FewestWindows <= _bins; width *= 2)
            {
                var (start, height, rival) = Highest(width);
                var score = (height - rival) / Math.Sqrt(rival + 1);
                if (height - rival < Math.Max(8, 0.1 * rival) || score < 8 || score <= (best?.Score ?? 0) || !IsPeak(start, width)) continue;
                var low = _fromNs + (start * BinNs);
                best = new Trace(overhead, low - (width * BinNs / 2), low + (width * BinNs * 3 / 2), score);
            }
        }

        return best;
    }

    /// <summary>Whether a window stands out from those on both sides of it: a path that is used from some time on makes slopes, not peaks.</summary>
    private bool IsPeak(int start, int width)
    {
        var height = _sums[start + width] - _sums[start];
        foreach (var side in (ReadOnlySpan<int>)[start - (3 * width), start + (2 * width)])
        {
            if (side < 0 || side + width > _bins) continue;
            var beside = _sums[side + width] - _sums[side];
            if (height < 1.3 * beside || height - beside < 6 * Math.Sqrt(beside + 1)) return false;
        }

        return true;
    }

    /// <summary>The fullest window of a width, and what one of its rivals apart from it holds.</summary>
    private (int Start, int Height, int Rival) Highest(int width)
    {
        var stride = Math.Max(1, width / 2);
        var (best, height) = (0, -1);
        for (var start = 0; start + width <= _bins; start += stride)
        {
            var sum = _sums[start + width] - _sums[start];
            if (sum > height) (best, height) = (start, sum);
        }

        Span<int> rivals = stackalloc int[Rivals];
        for (var start = best % width; start + width <= _bins; start += width)
        {
            if (Math.Abs(start - best) < 2 * width) continue;
            var sum = _sums[start + width] - _sums[start];
            for (var i = 0; i < Rivals; i++)
            {
                if (sum > rivals[i]) (sum, rivals[i]) = (rivals[i], sum);
            }
        }

        return (best, height, rivals[Rivals - 1]);
    }
}
