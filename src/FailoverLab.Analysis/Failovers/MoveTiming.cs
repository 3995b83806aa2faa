using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>One flow's move in packets: the last good one before it, the first good one after, and the methods of the RFCs over them.</summary>
internal sealed class MoveTiming
{
    /// <summary>A mean interval further from the median than this share comes from pauses, not from a late sender.</summary>
    private const double PunctualShare = 0.1;

    private readonly FlowResult _flow;

    /// <summary>Takes up a move.</summary>
    public MoveTiming(FlowResult flow, PathMove move)
    {
        (_flow, Move) = (flow, move);
        if (move is { LastOld: { } old, FirstNew: { } first }) Lost = first.LostBefore - old.LostBefore;
        LoadIntervalNs = MeanIntervalNs();
    }

    /// <summary>The move.</summary>
    public PathMove Move { get; }

    /// <summary>Packets lost between the last packet over the old path and the first over the new; absent without both.</summary>
    public long? Lost { get; }

    /// <summary>Time between two packets at the offered load, ns: the mean around the move, where the flow did not pause there.</summary>
    public long LoadIntervalNs { get; }

    private Arrival LastOld => Move.LastOld!.Value.Packet;

    private Arrival FirstNew => Move.FirstNew!.Value.Packet;

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
        if (Lost is null) return 0;
        var before = Move.LastOld!.Value.LostBefore;
        if (faultNs is { } fault && fault < LastOld.SendNs) before = Math.Min(before, _flow.Sinks.Losses.LostBefore(fault));
        return Move.FirstNew!.Value.LostBefore - before;
    }

    /// <summary>Packets delivered too late to count as forwarded, sent from the fault (or the last good packet, as in <see cref="LostSince"/>) until recovery must have held.</summary>
    public long LateSince(long? faultNs) =>
        Lost is null ? 0 : _flow.Sinks.Late.Between(Math.Min(faultNs ?? long.MaxValue, LastOld.SendNs + 1), FirstNew.SendNs + AnatomyBuilder.SustainedNs);

    /// <summary>Those and the lost ones over the offered load, ns.</summary>
    public long ImpairedNs(long? faultNs) => (LateSince(faultNs) + LostSince(faultNs)) * LoadIntervalNs;

    /// <summary>
    /// Send time of the first good packet after, less that of the last before (RFC 6414 section 3.6.3, TBM). The value leaves out the one
    /// sending interval that passes without any fault, and is 0 where nothing was lost; the RFC's own difference is the upper end.
    /// </summary>
    private MeasuredTime TimestampBased()
    {
        var span = Math.Max(0, FirstNew.SendNs - LastOld.SendNs);
        return Lost > 0
            ? new MeasuredTime(Math.Max(0, span - _flow.IntervalNs), Math.Max(0, Move.LastLostNs - Move.FirstLostNs), span)
            : new MeasuredTime(0, 0, span);
    }

    /// <summary>The same between arrivals on the receiver's clock (section 3.6.1, TBLM). Wider where the delay changed, because the change is in the silence.</summary>
    private MeasuredTime TimeBasedLoss()
    {
        var silence = Math.Max(0, FirstNew.ReceivedNs - LastOld.ReceivedNs);
        var byStamps = TimestampBased();
        var punctual = Lost > 0 ? Math.Max(0, FirstNew.ReceivedNs - LastOld.ReceivedNs + Move.LastOldLateNs - Move.FirstNewLateNs) : silence;
        return SilenceInterval.Of(silence, punctual, _flow.IntervalNs, byStamps.LowNs, byStamps.HighNs);
    }

    /// <summary>
    /// Lost packets over the load of so many equal flows, exact to one packet of each (RFC 6414 section 3.6.2, PLBM; RFC 6412 sections
    /// 3.5.2 and 3.5.3; RFC 6413 section 6). That holds for a punctual sender; where loss was one period, or a sender
    /// that stood still sent nothing that could have been lost, its stamps widen the interval by how late it was.
    /// </summary>
    private MeasuredTime FromLoss(long lost, int flows)
    {
        var value = lost * LoadIntervalNs / flows;
        var (low, high) = (Math.Max(0, value - LoadIntervalNs), value + LoadIntervalNs);
        if (Lost != FirstNew.Row - LastOld.Row - 1) return new MeasuredTime(value, low, high);
        var byStamps = TimestampBased();
        return new MeasuredTime(value, Math.Min(low, byStamps.LowNs), Math.Max(high, byStamps.HighNs));
    }

    /// <summary>Mean sending interval around the move: the offered load upside down. A late sender that catches up pulls the median down, but not this.</summary>
    private long MeanIntervalNs()
    {
        if (Move.Load.Packets <= 0) return _flow.IntervalNs;
        var mean = Move.Load.Ns / (double)Move.Load.Packets;
        return Math.Abs(mean - _flow.IntervalNs) <= _flow.IntervalNs * PunctualShare ? (long)Math.Round(mean) : _flow.IntervalNs;
    }
}
