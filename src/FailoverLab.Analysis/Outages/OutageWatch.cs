namespace FailoverLab.Analysis;

/// <summary>Notes every silence of one flow that may be an outage, with the packets around it, while they pass.</summary>
internal sealed class OutageWatch(bool withDetail)
{
    private const int DetailedSilences = 32;
    private const int KeptDelays = 128;

    private readonly long[] _delays = new long[KeptDelays];
    private readonly List<Open> _open = [];
    private readonly List<Silence> _silences = [];
    private long _arrivals;
    private int _detailed;

    /// <summary>What was noted, in order of time.</summary>
    public IReadOnlyList<Silence> Silences => _silences;

    /// <summary>Longest delay seen, ns.</summary>
    public long GreatestDelayNs { get; private set; }

    /// <summary>Takes the next arrival; its row and all before are settled.</summary>
    public void Add(FlowTrack track, in Arrival? last, in Arrival arrival)
    {
        var delay = arrival.DelayNs;
        if (delay > GreatestDelayNs) GreatestDelayNs = delay;
        if (last is { } before && arrival.Row > before.Row + 1 && arrival.LostBefore > before.LostBefore) Consider(track, before, arrival);
        _delays[_arrivals++ % KeptDelays] = delay;
        if (_open.Count > 0) Follow(track, delay);
    }

    /// <summary>Ends the watch: nothing more arrives.</summary>
    public void Finish(FlowTrack track, long observationEndNs)
    {
        foreach (var open in _open) Close(track, open);
        _open.Clear();
        if (Unrecovered(track, observationEndNs) is { } silence) _silences.Add(silence);
    }

    private void Consider(FlowTrack track, in Arrival before, in Arrival after)
    {
        var interval = track.Sinks.Interval.SoFarNs;
        if (after.ReceivedNs - before.ReceivedNs <= OutageRule.MinSilenceIntervals * interval / 2) return;
        var lost = LostEnds(track, before.Row, after.Row);
        if (lost.First < 0) return;
        var rows = track.Rows;
        var (firstKept, lastKept) = (Math.Max(rows.First, track.FirstRow), rows.End - 1);
        var silence = new Silence
        {
            Before = before,
            After = after,
            Lost = after.LostBefore - before.LostBefore,
            FirstLostNs = rows.SendNs(lost.First),
            LastGoodNs = lost.First - 1 >= firstKept ? rows.SendNs(lost.First - 1) : before.SendNs,
            LastLostNs = rows.SendNs(lost.Last),
            FirstGoodNs = lost.Last < lastKept ? rows.SendNs(lost.Last + 1) : after.SendNs,
            LossRatio = RatioBefore(track, before.Row),
            DelayVariationNs = VariationBefore(),
        };
        _open.Add(new Open(silence));
    }

    private static (long First, long Last) LostEnds(FlowTrack track, long before, long after)
    {
        var rows = track.Rows;
        var (first, last) = (Math.Max(before + 1, rows.First), after - 1);
        while (first < after && (rows.State(first) & RowState.Lost) == 0) first++;
        while (last > before && last >= rows.First && (rows.State(last) & RowState.Lost) == 0) last--;
        return first < after ? (first, last) : (-1, -1);
    }

    private static double RatioBefore(FlowTrack track, long row)
    {
        var from = Math.Max(row - OutageRule.Neighbourhood, Math.Max(track.FirstRow, track.Rows.First));
        return row > from ? OutageRule.LossRatio(row - from, track.LostBefore(row) - track.LostBefore(from)) : OutageRule.LossRatio(0, 0);
    }

    private static double RatioAfter(FlowTrack track, long row)
    {
        var (from, to) = (row + 1, Math.Min(row + 1 + OutageRule.Neighbourhood, track.Settled));
        return to > from && track.Rows.Holds(from) ? OutageRule.LossRatio(to - from, track.LostBefore(to) - track.LostBefore(from)) : OutageRule.LossRatio(0, 0);
    }

    private long VariationBefore()
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        for (var k = Math.Max(0, _arrivals - OutageRule.DelayNeighbourhood); k < _arrivals; k++)
        {
            var delay = _delays[k % KeptDelays];
            (least, most) = (Math.Min(least, delay), Math.Max(most, delay));
        }

        return most > least ? most - least : 0;
    }

    private void Follow(FlowTrack track, long delay)
    {
        for (var i = 0; i < _open.Count; i++)
        {
            var open = _open[i];
            if (open.Arrivals++ < OutageRule.DelayNeighbourhood) (open.Least, open.Most) = (Math.Min(open.Least, delay), Math.Max(open.Most, delay));
        }

        while (_open.Count > 0 && _open[0].Arrivals >= OutageRule.DelayNeighbourhood && track.Settled > _open[0].Silence.After!.Value.Row + OutageRule.Neighbourhood)
        {
            Close(track, _open[0]);
            _open.RemoveAt(0);
        }
    }

    /// <summary>What surrounds the silence is known: it is kept, unless already explained, which a longer flow would only explain better.</summary>
    private void Close(FlowTrack track, Open open)
    {
        var silence = open.Silence;
        silence.LossRatio = Math.Max(silence.LossRatio, RatioAfter(track, silence.After!.Value.Row));
        silence.DelayVariationNs = Math.Max(silence.DelayVariationNs, open.Most > open.Least ? open.Most - open.Least : 0);
        if (!OutageRule.IsOutage(silence, track.Sinks.Interval.SoFarNs, track.Count)) return;
        if (withDetail && _detailed++ < DetailedSilences) silence.Detail = GapWindow.Of(track, silence);
        _silences.Add(silence);
    }

    /// <summary>Packets that were sent after the last delivery and had time to arrive before the observation ended, but did not.</summary>
    private Silence? Unrecovered(FlowTrack track, long observationEndNs)
    {
        if (track.Ends is not { HasSender: true, HasReceiver: true } || track.Count == 0) return null;
        var rows = track.Rows;
        var last = track.Sinks.HighestReceived;
        var judgedUntil = observationEndNs - Math.Min(GreatestDelayNs, FlowCounters.ForwardingDelayThresholdNs);
        var end = rows.End;
        while (end > Math.Max(last + 1, rows.First) && rows.SendNs(end - 1) > judgedUntil) end--;
        var none = track.LastArrival is null;
        var start = none ? track.FirstRow : last + 1;
        if (end <= start) return null;
        var lost = track.LostBefore(end) - track.Sinks.LostBeforeHighest;
        var ratio = Math.Max(none ? 0 : RatioBefore(track, last), OutageRule.LossRatio(0, 0));
        if (lost < (none ? OutageRule.MinLossPeriod : OutageRule.LeastSignificantPeriod(ratio, track.Count))) return null;
        var sentFor = rows.SendNs(end - 1) - (none ? track.Sinks.FirstSendNs : track.Sinks.HighestReceivedSendNs);
        if (sentFor <= (OutageRule.MinSilenceIntervals - 1) * track.Sinks.Interval.MedianNs()) return null;
        var silence = new Silence { Before = track.LastArrival, After = null, Lost = lost, LastGoodNs = track.Sinks.FirstSendNs, LastLostNs = rows.SendNs(rows.End - 1) };
        if (withDetail) silence.Detail = GapWindow.Of(track, silence);
        return silence;
    }

    /// <summary>A silence whose later surroundings are still passing.</summary>
    private sealed class Open(Silence silence)
    {
        public Silence Silence { get; } = silence;

        public int Arrivals { get; set; }

        public long Least { get; set; } = long.MaxValue;

        public long Most { get; set; } = long.MinValue;
    }
}
