using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>
/// Finds a coded flow in an opaque one: the length that the tunnel adds and the time that packets take, by counting, for every pair of a
/// probe and a packet, how often each difference of length and time occurs. The right pair of both stands out against differences of
/// length one step of the code beside it, at the same times: whatever else goes on, there is as much of it there.
/// </summary>
internal sealed class TransitScan
{
    /// <summary>Probes that are enough to look at.</summary>
    public const int EnoughProbes = 1024;

    private const long BinNs = 250_000;
    private const int WidestBins = 256;
    private const int Margin = 2 * ProbeSizeStep;
    private const int ProbeSizeStep = ProbeSizeCode.Step;
    private const int FewestExcess = 16;
    private const double LeastScore = 8;

    // The code has ends: one step beside it there are a sixteenth fewer pairs.
    private const double RivalShare = 1.1;

    private const double Kept = 0.99;

    private readonly long _fromNs;
    private readonly int _bins;
    private readonly int _overheads;
    private readonly int[] _sums;

    /// <summary>Makes the table; it is used again by every scan.</summary>
    /// <param name="fromNs">Shortest time looked at, ns; below zero where clocks differ.</param>
    /// <param name="toNs">Longest.</param>
    /// <param name="overheads">Added lengths looked at: 0 to this, left out.</param>
    public TransitScan(long fromNs, long toNs, int overheads)
    {
        (_fromNs, _overheads) = (fromNs, overheads);
        _bins = (int)((toNs - fromNs) / BinNs) + 1;
        _sums = new int[(_overheads + (2 * Margin)) * (_bins + 1)];
    }

    /// <summary>What was found.</summary>
    /// <param name="Overhead">Bytes the tunnel adds.</param>
    /// <param name="LowNs">Start of the interval that most transits lie in, ns.</param>
    /// <param name="HighNs">Its end.</param>
    /// <param name="Score">How far it stands out, in standard deviations.</param>
    public readonly record struct Trace(int Overhead, long LowNs, long HighNs, double Score);

    /// <summary>Width of all times looked at, ns.</summary>
    public long ReachNs => _bins * BinNs;

    private long EndNs => _fromNs + (_bins * BinNs) - 1;

    /// <summary>Scans from the sender's capture to the point.</summary>
    /// <param name="probes">The probes; of very many some are looked at.</param>
    /// <param name="packets">The packets at the point.</param>
    /// <param name="known">The one overhead to look at; absent = all.</param>
    public Trace? Find(ReadOnlySpan<CodedProbe> probes, OpaquePackets packets, int? known)
    {
        Array.Clear(_sums);
        var stride = Math.Max(1, probes.Length / EnoughProbes);
        for (var i = 0; i < probes.Length; i += stride)
        {
            if (known is not { } overhead) CountAll(probes[i], packets);
            else for (var step = -2; step <= 2; step++) Count(probes[i], packets, overhead + (step * ProbeSizeStep));
        }

        Trace? best = null;
        for (var row = 0; row < _overheads + (2 * Margin); row++) SumUp(row);
        for (var overhead = known ?? 0; overhead < (known + 1 ?? _overheads); overhead++) Seek(overhead, ref best);
        return best;
    }

    private void Count(in CodedProbe probe, OpaquePackets packets, int overhead)
    {
        foreach (var packet in packets.Between(probe.Length + overhead, probe.EntryNs + _fromNs, LastOf(probe)))
        {
            Add(overhead + Margin, packets.StampOf(packet) - probe.EntryNs);
        }
    }

    private void CountAll(in CodedProbe probe, OpaquePackets packets)
    {
        var lastNs = LastOf(probe);
        for (var packet = packets.FirstFrom(probe.EntryNs + _fromNs); packet < packets.Count && packets.StampOf(packet) <= lastNs; packet++)
        {
            var row = packets.LengthOf(packet) - probe.Length + Margin;
            if ((uint)row < (uint)(_overheads + (2 * Margin))) Add(row, packets.StampOf(packet) - probe.EntryNs);
        }
    }

    /// <summary>A probe that came out was not on its way any more: what is seen later is another packet, such as its echo.</summary>
    private long LastOf(in CodedProbe probe) => Math.Min(EndNs, probe.IsDelivered ? probe.ExitNs - probe.EntryNs - _fromNs : EndNs) + probe.EntryNs;

    private void Add(int row, long transitNs) => Row(row)[(int)((transitNs - _fromNs) / BinNs) + 1]++;

    private Span<int> Row(int row) => _sums.AsSpan(row * (_bins + 1), _bins + 1);

    private void SumUp(int row)
    {
        var sums = Row(row);
        for (var bin = 0; bin < _bins; bin++) sums[bin + 1] += sums[bin];
    }

    private void Seek(int overhead, ref Trace? best)
    {
        var row = overhead + Margin;
        var sums = Row(row);
        if (sums[_bins] < FewestExcess) return;
        for (var width = 1; width <= WidestBins; width *= 2)
        {
            for (var start = 0; start + width <= _bins; start += Math.Max(1, width / 2))
            {
                var count = sums[start + width] - sums[start];
                if (count < FewestExcess) continue;
                var rival = RivalShare * RivalOf(row, start, width);
                var score = (count - rival) / Math.Sqrt(rival + 3);
                if (count - rival < FewestExcess || score < LeastScore || score <= (best?.Score ?? 0)) continue;
                best = Narrowed(overhead, start, start + width, score);
            }
        }
    }

    /// <summary>Leaves out at both ends of a window what hardly holds any packets of the flow.</summary>
    private Trace Narrowed(int overhead, int from, int to, double score)
    {
        var row = overhead + Margin;
        (from, to) = (Math.Max(0, from - ((to - from) / 2)), Math.Min(_bins, to + ((to - from) / 2)));
        var all = ExcessOf(row, from, to);
        while (to - from > 1 && ExcessOf(row, from + 1, to) >= Kept * all) from++;
        while (to - from > 1 && ExcessOf(row, from, to - 1) >= Kept * all) to--;
        return new Trace(overhead, _fromNs + ((from - 1) * BinNs), _fromNs + ((to + 1) * BinNs), score);
    }

    private double ExcessOf(int row, int from, int to)
    {
        var excess = 0.0;
        for (var step = -2; step <= 2; step++)
        {
            var sums = Row(row + (step * ProbeSizeStep));
            excess += (step == 0 ? 1 : -0.25) * (sums[to] - sums[from]);
        }

        return excess;
    }

    private int RivalOf(int row, int start, int width)
    {
        var most = 0;
        for (var step = -2; step <= 2; step++)
        {
            if (step == 0) continue;
            var sums = Row(row + (step * ProbeSizeStep));
            most = Math.Max(most, sums[start + width] - sums[start]);
        }

        return most;
    }
}
