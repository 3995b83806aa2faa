using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Notes every silence of one flow that may be an outage, with the packets around it, while they pass.</summary>
internal sealed class OutageWatch(bool withDetail)
{
    private const int DetailedSilences = 32;

    private readonly RecentDelays _delays = new();
    private readonly List<Candidate> _open = [];
    private readonly List<Silence> _silences = [];
    private long _shortNs;
    private int _detailed;

    /// <summary>What was noted, in order of time.</summary>
    public IReadOnlyList<Silence> Silences => _silences;

    /// <summary>Longest delay seen, ns.</summary>
    public long GreatestDelayNs { get; private set; } = long.MinValue;

    /// <summary>Rows from here on must be kept.</summary>
    public long LooksBackTo => _open.Count > 0 ? _open[0].Before.Row : long.MaxValue;

    /// <summary>Rows before those that must be kept too, to be shown.</summary>
    public int RowsShownBefore => withDetail ? GapWindow.EdgePackets : 0;

    /// <summary>Takes the next arrival.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(FlowTrack track, in Arrival arrival)
    {
        var delay = arrival.DelayNs;
        if (delay > GreatestDelayNs) GreatestDelayNs = delay;
        if (track.HasArrived && arrival.Row > track.LastArrival.Row + 1 && arrival.ReceivedNs - track.LastArrival.ReceivedNs > _shortNs) Consider(track, arrival);
        _delays.Add(delay, arrival.Path);
        if (_open.Count > 0) Follow();
    }

    /// <summary>Takes arrivals with no number missing before any of them.</summary>
    public void Add(in SteadyRun run)
    {
        GreatestDelayNs = Math.Max(GreatestDelayNs, run.GreatestDelayNs);

        if (_open.Count == 0)
        {
            _delays.Add(run.Delays);
            return;
        }

        foreach (var delay in run.Delays)
        {
            _delays.Add(delay, -1);
            Follow();
        }
    }

    /// <summary>Judges the silences whose surroundings have been settled.</summary>
    public void Close(FlowTrack track)
    {
        var judged = 0;
        for (; judged < _open.Count && _open[judged].IsSurrounded && track.Settled > _open[judged].After.Row + OutageRule.Neighbourhood; judged++)
        {
            Judge(track, _open[judged]);
        }

        _open.RemoveRange(0, judged);
    }

    /// <summary>Ends the watch: nothing more arrives.</summary>
    public void Finish(FlowTrack track, long observationEndNs)
    {
        foreach (var open in _open) Judge(track, open);
        _open.Clear();
        if (Unrecovered(track, observationEndNs) is { } silence) _silences.Add(silence);
    }

    /// <summary>Numbers are missing between two arrivals: whether as lost, is not known yet.</summary>
    private void Consider(FlowTrack track, in Arrival arrival)
    {
        // A little below the rule's limit, because the interval is not known for good.
        _shortNs = OutageRule.MinSilenceIntervals * track.Sinks.Interval.SoFarNs / 10 * 9;
        if (arrival.ReceivedNs - track.LastArrival.ReceivedNs > _shortNs) _open.Add(new Candidate(track.LastArrival, arrival, _delays));
    }

    private void Follow()
    {
        // An arrival opens one at most, so only the last few have not had their arrivals yet.
        for (var i = _open.Count - 1; i >= 0 && !_open[i].IsSurrounded; i--) _open[i].Follow(_delays);
    }

    /// <summary>What surrounds the silence is known: it is kept, unless already explained, which a longer flow would only explain better.</summary>
    private void Judge(FlowTrack track, Candidate open)
    {
        var rows = track.Rows;
        var (first, last) = LostEnds(track, open.Before.Row, open.After.Row);
        if (first < 0) return;
        open.End(_delays);
        var firstKept = Math.Max(rows.First, track.FirstRow);
        var silence = new Silence
        {
            Before = open.Before,
            After = open.After,
            Lost = track.LostBefore(open.After.Row) - track.Sinks.Losses.LostBeforeRow(open.Before.Row),
            FirstLostNs = rows[first].SendNs,
            LastGoodNs = first - 1 >= firstKept ? rows[first - 1].SendNs : open.Before.SendNs,
            LastLostNs = rows[last].SendNs,
            FirstGoodNs = last + 1 < rows.End ? rows[last + 1].SendNs : open.After.SendNs,
            LossRatio = Math.Max(RatioBefore(track, open.Before.Row), RatioAfter(track, open.After.Row)),
            DelayVariationNs = open.VariationNs,
            BeforeLateNs = open.BeforeLateNs,
            AfterLateNs = open.AfterLateNs,
        };
        if (!OutageRule.IsOutage(silence, track.Sinks.Interval.SoFarNs, track.Count)) return;
        if (withDetail && _detailed++ < DetailedSilences) silence.Detail = GapWindow.Of(track, silence);
        _silences.Add(silence);
    }

    private static (long First, long Last) LostEnds(FlowTrack track, long before, long after)
    {
        var rows = track.Rows;
        var (first, last) = (Math.Max(before + 1, rows.First), after - 1);
        while (first < after && (rows[first].State & RowState.Lost) == 0) first++;
        while (last > before && last >= rows.First && (rows[last].State & RowState.Lost) == 0) last--;
        return first < after ? (first, last) : (-1, -1);
    }

    private static double RatioBefore(FlowTrack track, long row)
    {
        var from = Math.Max(row - OutageRule.Neighbourhood, track.FirstRow);
        return row > from ? OutageRule.LossRatio(row - from, track.LostBefore(row) - track.LostBefore(from)) : OutageRule.LossRatio(0, 0);
    }

    private static double RatioAfter(FlowTrack track, long row)
    {
        var (from, to) = (row + 1, Math.Min(row + 1 + OutageRule.Neighbourhood, track.Settled));
        return to > from && track.Rows.Holds(from) ? OutageRule.LossRatio(to - from, track.LostBefore(to) - track.LostBefore(from)) : OutageRule.LossRatio(0, 0);
    }

    /// <summary>Packets that were sent after the last delivery and had time to arrive before the observation ended, but did not.</summary>
    private Silence? Unrecovered(FlowTrack track, long observationEndNs)
    {
        if (track.Ends is not { HasSender: true, HasReceiver: true } || track.Count == 0) return null;
        var (rows, sinks) = (track.Rows, track.Sinks);
        var last = sinks.HighestReceived;
        var judgedUntil = observationEndNs - Math.Clamp(GreatestDelayNs, 0, FlowCounters.ForwardingDelayThresholdNs);
        var none = !track.HasArrived;
        var start = none ? track.FirstRow : last + 1;
        var end = rows.End;
        while (end > Math.Max(start, rows.First) && rows[end - 1].SendNs > judgedUntil) end--;
        if (end <= start) return null;
        var lost = track.LostBefore(end) - sinks.LostBeforeHighest;
        var ratio = none ? OutageRule.LossRatio(0, 0) : RatioBefore(track, last);
        if (lost < (none ? OutageRule.MinLossPeriod : OutageRule.LeastSignificantPeriod(ratio, track.Count))) return null;
        var sentFor = rows[end - 1].SendNs - (none ? sinks.FirstSendNs : sinks.HighestReceivedSendNs);
        if (sentFor <= (OutageRule.MinSilenceIntervals - 1) * sinks.Interval.MedianNs()) return null;
        var silence = new Silence { Before = none ? null : track.LastArrival, After = null, Lost = lost, LastLostNs = rows[rows.End - 1].SendNs };
        if (withDetail) silence.Detail = GapWindow.Of(track, silence);
        return silence;
    }

    /// <summary>A silence whose surroundings are still passing.</summary>
    private sealed class Candidate(Arrival before, Arrival after, RecentDelays delays)
    {
        private readonly long _firstAfter = delays.Count;

        public Arrival Before => before;

        public Arrival After => after;

        public long BeforeLateNs { get; } = delays.LatenessNs(before, OutageRule.DelayNeighbourhood);

        public long AfterLateNs { get; private set; }

        public long VariationNs { get; private set; } = delays.RangeNs(OutageRule.DelayNeighbourhood);

        public bool IsSurrounded { get; private set; }

        /// <summary>Takes the delays of the arrivals since, once they are enough.</summary>
        public void Follow(RecentDelays delays)
        {
            if (delays.Count - _firstAfter >= OutageRule.DelayNeighbourhood) End(delays);
        }

        /// <summary>Takes those there are.</summary>
        public void End(RecentDelays delays)
        {
            if (IsSurrounded) return;
            IsSurrounded = true;
            var count = delays.Count - _firstAfter;
            VariationNs = Math.Max(VariationNs, delays.RangeNs(count));
            AfterLateNs = delays.LatenessNs(after, count);
        }
    }
}
