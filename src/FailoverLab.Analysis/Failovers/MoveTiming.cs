using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>One flow's move in packets: the last good one before it, the first good one after, and the methods of the RFCs over them.</summary>
internal sealed class MoveTiming
{
    /// <summary>Packets on each side of the move over which the offered load is taken.</summary>
    private const int LoadPackets = 500;

    /// <summary>A mean interval further from the median than this share comes from pauses, not from a late sender.</summary>
    private const double PunctualShare = 0.1;

    private readonly FlowTable _flow;
    private readonly long _loadIntervalNs;
    private readonly int _firstLost;
    private readonly int _lastLost;

    /// <summary>Finds the packets around a move.</summary>
    public MoveTiming(FlowPaths paths, PathMove move)
    {
        _flow = paths.Flow;
        Move = move;
        LastOld = LastDelivered(move.From.First, (move.To?.First ?? _flow.Count) - 1);
        FirstNew = move.To is { } to ? FirstDelivered(to.First, to.Last) : -1;
        if (LastOld < 0 || FirstNew < 0) return;
        Lost = _flow.LostBetween(LastOld, FirstNew);
        _loadIntervalNs = LoadIntervalNs(Math.Max(0, LastOld - LoadPackets), Math.Min(_flow.Count - 1, FirstNew + LoadPackets));
        (_firstLost, _lastLost) = (LastOld + 1, FirstNew - 1);
        while (_firstLost < FirstNew && !_flow.IsLost(_firstLost)) _firstLost++;
        while (_lastLost > LastOld && !_flow.IsLost(_lastLost)) _lastLost--;
    }

    /// <summary>The move.</summary>
    public PathMove Move { get; }

    /// <summary>Row of the last packet delivered over the old working path; -1 = none.</summary>
    public int LastOld { get; }

    /// <summary>Row of the first packet delivered over the new one; -1 = none.</summary>
    public int FirstNew { get; }

    /// <summary>Packets lost between the two; absent without both.</summary>
    public long? Lost { get; }

    /// <summary>The methods that can be applied.</summary>
    /// <param name="faultNs">Instant of the fault; absent when unknown.</param>
    /// <param name="convergenceLost">Packets that all flows of this direction lost from the fault to the move.</param>
    /// <param name="flows">Number of those flows.</param>
    public FailoverMethods Methods(long? faultNs, long convergenceLost, int flows)
    {
        if (Lost is not { } lost || _flow.IntervalNs <= 0) return new FailoverMethods();
        return new FailoverMethods
        {
            TimestampBased = TimestampBased(),
            TimeBasedLoss = TimeBasedLoss(),
            PacketLossBased = FromLoss(lost, 1),
            RouteSpecificLossDerived = FromLoss(LostSince(faultNs), 1),
            LossDerived = FromLoss(convergenceLost, flows),
        };
    }

    /// <summary>Packets lost from the fault (or the last good packet, where that is earlier or no fault is known) to the first good one after the move.</summary>
    public long LostSince(long? faultNs)
    {
        if (LastOld < 0 || FirstNew < 0) return 0;
        var from = LastOld;
        while (faultNs is { } fault && from > Move.From.First && _flow.SendNs[from] >= fault) from--;
        return _flow.LostBetween(from, FirstNew);
    }

    /// <summary>
    /// Send time of the first good packet after, less that of the last before (RFC 6414 section 3.6.3, TBM). The value leaves out the one
    /// sending interval that passes without any fault, and is 0 where nothing was lost; the RFC's own difference is the upper end.
    /// </summary>
    private MeasuredTime TimestampBased()
    {
        var span = Math.Max(0, _flow.SendNs[FirstNew] - _flow.SendNs[LastOld]);
        return Lost > 0
            ? new MeasuredTime(Math.Max(0, span - _flow.IntervalNs), Math.Max(0, _flow.SendNs[_lastLost] - _flow.SendNs[_firstLost]), span)
            : new MeasuredTime(0, 0, span);
    }

    /// <summary>The same between arrivals on the receiver's clock (section 3.6.1, TBLM). Wider where the delay changed, because the change is in the silence.</summary>
    private MeasuredTime TimeBasedLoss()
    {
        var silence = Math.Max(0, _flow.ReceivedNs[FirstNew] - _flow.ReceivedNs[LastOld]);
        var byStamps = TimestampBased();
        var value = Math.Max(0, silence - _flow.IntervalNs);
        var low = Lost > 0 ? Math.Max(0, silence - (2 * _flow.IntervalNs)) : 0;
        return new MeasuredTime(value, Math.Min(Math.Min(low, value), byStamps.LowNs), Math.Max(silence, byStamps.HighNs));
    }

    /// <summary>
    /// Lost packets over the load of so many equal flows, exact to one packet of each (RFC 6414 section 3.6.2, PLBM; RFC 6412 sections
    /// 3.5.2 and 3.5.3; RFC 6413 section 6). That holds for a punctual sender; where loss was one period, its stamps widen the interval
    /// by how late this one was.
    /// </summary>
    private MeasuredTime FromLoss(long lost, int flows)
    {
        var value = lost * _loadIntervalNs / flows;
        var (low, high) = (Math.Max(0, value - _loadIntervalNs), value + _loadIntervalNs);
        if (Lost == 0 || Lost != FirstNew - LastOld - 1) return new MeasuredTime(value, low, high);
        var byStamps = TimestampBased();
        return new MeasuredTime(value, Math.Min(low, byStamps.LowNs), Math.Max(high, byStamps.HighNs));
    }

    /// <summary>Mean sending interval between two rows: the offered load upside down. A late sender that catches up pulls the median down, but not this.</summary>
    private long LoadIntervalNs(int from, int to)
    {
        if (_flow.Sequence[to] <= _flow.Sequence[from]) return _flow.IntervalNs;
        var mean = (_flow.SendNs[to] - _flow.SendNs[from]) / (double)(_flow.Sequence[to] - _flow.Sequence[from]);
        return Math.Abs(mean - _flow.IntervalNs) <= _flow.IntervalNs * PunctualShare ? (long)Math.Round(mean) : _flow.IntervalNs;
    }

    private int LastDelivered(int from, int to)
    {
        while (to >= from && _flow.ReceivedNs[to] == FlowTable.Missing) to--;
        return to >= from ? to : -1;
    }

    private int FirstDelivered(int from, int to)
    {
        while (from <= to && _flow.ReceivedNs[from] == FlowTable.Missing) from++;
        return from <= to ? from : -1;
    }
}
