using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>
/// The rate-derived method (RFC 6412 section 3.5.1): convergence as the forwarding rates of the old and the new link show it, per
/// packet sampling interval, over all flows of one direction together. Every instant is the end of the interval that shows it, as
/// the accuracy intervals of RFC 6413 section 6 suppose.
/// </summary>
internal sealed class RateMethod
{
    private readonly List<PathMove> _moves;
    private readonly long _intervalNs;
    private readonly long _first;
    private readonly int[] _old;
    private readonly int[] _new;
    private readonly double _bandOld;
    private readonly double _bandNew;

    private RateMethod(List<PathMove> moves, long intervalNs, long loadIntervalNs)
    {
        (_moves, _intervalNs) = (moves, intervalNs);
        var factor = (int)Math.Max(1, (intervalNs + RateRing.BaseNs - 1) / RateRing.BaseNs);
        SamplingNs = factor * RateRing.BaseNs;
        _first = moves.Min(m => m.Rates!.FirstBin) / factor;
        var end = moves.Max(m => m.Rates!.FirstBin + m.Rates.Old.Length) / factor;
        (_old, _new) = (Sum(factor, end, r => r.Old), Sum(factor, end, r => r.New));

        var expected = (double)moves.Count * SamplingNs / loadIntervalNs;
        _bandOld = expected - Slack(moves.Max(m => Variation(m.Rates!.OldTiming)));
        _bandNew = expected - Slack(moves.Max(m => Variation(m.Rates!.NewTiming)));
    }

    /// <summary>The packet sampling interval: the shortest that holds a packet of every flow, in steps of 10 ms.</summary>
    public long SamplingNs { get; }

    /// <summary>From the event to the first packet forwarded on the new link; absent where the rates do not show it.</summary>
    public MeasuredTime? First { get; private set; }

    /// <summary>From the event to forwarding at the full rate, held for 5 s or, where less was seen, for most of it; absent where that was not reached.</summary>
    public MeasuredTime? Full { get; private set; }

    /// <summary>How long that was seen to hold, ns, at most 5 s; meaningless without it.</summary>
    public long HeldNs { get; private set; }

    /// <summary>Applies the method to one move as made by several flows of one direction and of equal load.</summary>
    /// <param name="moves">The flows' moves.</param>
    /// <param name="intervalNs">Their sending interval.</param>
    /// <param name="loadIntervalNs">Its mean: what is offered. The median of a sender that is a little late now and then is below it, and would ask for packets that nobody sent.</param>
    /// <param name="clockBoundNs">How wrong the difference of stamps at the exits of the two links may be, ns.</param>
    /// <param name="eventNs">The event where it was no instantaneous loss, and so is taken from its step; absent = from the rates.</param>
    /// <returns>The result; absent where the links' ends were not captured.</returns>
    public static RateMethod? Apply(IEnumerable<PathMove> moves, long intervalNs, long loadIntervalNs, long clockBoundNs, long? eventNs)
    {
        var usable = moves.Where(m => m is { Rates: not null, LastOld: not null, FirstNew: not null }).ToList();
        if (usable.Count == 0 || intervalNs <= 0) return null;
        var method = new RateMethod(usable, intervalNs, loadIntervalNs);
        method.Compute(eventNs, clockBoundNs);
        return method;
    }

    /// <summary>Delay variation and a late sender move packets from one interval to the next (equation 3); and so does where in it a flow's packets fall.</summary>
    private double Slack(long variationNs) => _moves.Count * (1 + ((double)variationNs / _intervalNs));

    private long Variation(LinkTiming timing) => timing.MostNs - timing.LeastNs + Math.Max(0, timing.SendGapNs - _intervalNs);

    private void Compute(long? eventNs, long clockBoundNs)
    {
        var lastOld = Bin(_moves.Max(m => m.Edge is { } edge && edge.LastOutNs > 0 ? edge.LastOutNs : m.LastOld!.Value.Packet.ReceivedNs));
        var firstNew = Array.FindIndex(_new, c => c > 0);
        if (firstNew < 0) return;

        // The event shows in the interval after the last that was full.
        var full = Math.Min(lastOld, _old.Length - 1);
        while (full >= 0 && _old[full] < _bandOld) full--;
        var eventEnd = eventNs ?? (_first + full + 2) * SamplingNs;

        // An interval that counts as full may lack as much as its band allows: the old link may have failed before the end of the last
        // full one, and the new one need not have forwarded from the beginning of the first.
        var unseenOld = _intervalNs + _moves.Max(m => Variation(m.Rates!.OldTiming));
        var unseenNew = _intervalNs + _moves.Max(m => Variation(m.Rates!.NewTiming));
        var less = clockBoundNs + Math.Max(0, _moves.Max(m => m.Rates!.NewTiming.MostNs) - _moves.Min(m => m.Rates!.OldTiming.LeastNs));
        var more = clockBoundNs + Math.Max(0, _moves.Max(m => m.Rates!.OldTiming.MostNs) - _moves.Min(m => m.Rates!.NewTiming.LeastNs));

        var first = ((_first + firstNew + 1) * SamplingNs) - eventEnd;
        First = Measured(first, SamplingNs + _intervalNs + less, SamplingNs + unseenOld + more);
        if (Recovered(firstNew) is { } recovered)
            Full = Measured(((_first + recovered + 1) * SamplingNs) - eventEnd, (2 * SamplingNs) + less, unseenOld + unseenNew + more);
    }

    /// <summary>The first interval from which on the new link forwards all that is offered. A few intervals at the end of what was seen prove nothing.</summary>
    private int? Recovered(int from)
    {
        // The last interval may be cut off by the end of the flow or of what was kept.
        var end = _new.Length - 1;
        while (end > from && _new[end] == 0) end--;
        for (var b = from; b < end; b++)
        {
            var sustained = (int)(AnatomyBuilder.SustainedNs / SamplingNs);
            if (end - b < Math.Min(sustained, (end - from + 1) / 2)) return null;
            var until = Math.Min(end, b + sustained);
            var held = b;
            while (held < until && _new[held] >= _bandNew) held++;
            if (held == until)
            {
                HeldNs = until - b >= sustained ? AnatomyBuilder.SustainedNs : (until - b) * SamplingNs;
                return b;
            }

            b = held;
        }

        return null;
    }

    private static MeasuredTime Measured(long value, long below, long above) => new(Math.Max(0, value), Math.Max(0, value - below), Math.Max(0, value + above));

    private int Bin(long ns) => (int)((ns / SamplingNs) - _first);

    private int[] Sum(int factor, long end, Func<RateWindow, int[]> counts)
    {
        var sum = new int[end - _first + 1];
        foreach (var window in _moves.Select(m => m.Rates!))
        {
            var own = counts(window);
            for (var i = 0; i < own.Length; i++) sum[((window.FirstBin + i) / factor) - _first] += own[i];
        }

        return sum;
    }
}
