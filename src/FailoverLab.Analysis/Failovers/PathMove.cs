namespace FailoverLab.Analysis;

/// <summary>One flow's move from one working path to the next, as it is seen while packets pass.</summary>
/// <param name="from">The working path before.</param>
/// <param name="lastOld">Last packet delivered over it; absent = none.</param>
/// <param name="edge">What its link let through last; absent where the link's two ends were not captured.</param>
/// <param name="recent">The latest packets sent before the move, and those of them lost.</param>
/// <param name="atNs">Entry of the first packet into the new path; without one, arrival of the last packet delivered.</param>
internal sealed class PathMove(WorkingPath from, (Arrival Packet, int LostBefore)? lastOld, LinkEdge? edge, (int Packets, int Lost) recent, long atNs)
{
    /// <summary>Packets on each side of the move over which the offered load is taken.</summary>
    private const int LoadPackets = 500;

    /// <summary>Rates are followed so long before and after the move: past the 5 s that recovery must hold.</summary>
    private const long RatesBeforeNs = 15_000_000_000;
    private const long RatesAfterNs = 6_000_000_000;
    private const long TimingNs = 1_000_000_000;

    // 11 minutes: stamps that claim more, or an arrival long before the move, are damage.
    private const long MostBins = 1 << 16;

    private LinkTransit? _oldLink;
    private LinkTransit? _newLink;
    private LinkTiming _oldTiming;

    /// <summary>The flow, by its index in the analysis; set when all flows are known.</summary>
    public int Flow { get; set; } = -1;

    /// <summary>The working path before.</summary>
    public WorkingPath From => from;

    /// <summary>The working path after; absent when traffic never came back.</summary>
    public WorkingPath? To { get; private set; }

    /// <summary>First row sent another way.</summary>
    public long FirstRow { get; init; }

    /// <summary>When the move was made, ns since the Unix epoch.</summary>
    public long AtNs => atNs;

    /// <summary>Whether the new path had been this flow's working path earlier.</summary>
    public bool WasWorkingBefore { get; private set; }

    /// <summary>What the old link let through last.</summary>
    public LinkEdge? Edge => edge;

    /// <summary>The latest packets sent before the move, and those of them lost.</summary>
    public (int Packets, int Lost) Recent => recent;

    /// <summary>Last packet delivered over the old path and packets lost before it; absent = none.</summary>
    public (Arrival Packet, int LostBefore)? LastOld => lastOld;

    /// <summary>First packet delivered over the new path and packets lost before it; absent = none.</summary>
    public (Arrival Packet, int LostBefore)? FirstNew { get; private set; }

    /// <summary>Send time of the first packet lost between the two; <see cref="RowWindow.Missing"/> where none was.</summary>
    public long FirstLostNs { get; private set; } = RowWindow.Missing;

    /// <summary>Send time of the last packet lost between the two.</summary>
    public long LastLostNs { get; private set; } = RowWindow.Missing;

    /// <summary>How much longer than usual on the old path its last packet took, ns; below 0 for less.</summary>
    public long LastOldLateNs { get; private set; }

    /// <summary>The same of the first over the new path.</summary>
    public long FirstNewLateNs { get; private set; }

    /// <summary>Numbers and time over which the offered load is taken; no packets where the flow is too short.</summary>
    public (long Packets, long Ns) Load { get; private set; }

    /// <summary>Rates of the two links around the move; absent where an end of either was not captured, or both are one.</summary>
    public RateWindow? Rates { get; private set; }

    /// <summary>Whether nothing more is awaited.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Confirms the move.</summary>
    public void Arrive(WorkingPath to, LinkTransit? oldLink, LinkTransit? newLink, bool wasWorkingBefore)
    {
        (To, WasWorkingBefore) = (to, wasWorkingBefore);
        if (oldLink is not { BothEnds: true } || newLink is not { BothEnds: true } || oldLink == newLink) return;
        (_oldLink, _newLink) = (oldLink, newLink);
        var second = (int)(TimingNs / RateRing.BaseNs);
        _oldTiming = oldLink.Rates.Timing((edge?.LastOutNs ?? atNs) / RateRing.BaseNs - second, second);
    }

    /// <summary>Takes a packet settled since the move began.</summary>
    public void Pass(FlowTrack track, long row)
    {
        var rows = track.Rows;
        ref var known = ref rows[row];
        if (FirstNew is null && row >= FirstRow && (known.State & RowState.Received) != 0)
        {
            FirstNew = (new Arrival(row, known.SendNs, known.ReceivedNs, known.Length, known.Carrier), track.LostBefore(row));
            FindLost(track);
        }

        if (FirstNew is { } first && row >= first.Packet.Row + LoadPackets && (_newLink is null || known.SendNs > first.Packet.SendNs + RatesAfterNs)) Close(track);
    }

    /// <summary>Gives up waiting for a first packet: the new path was left again before it delivered any.</summary>
    public void GiveUp() => IsFinished |= FirstNew is null;

    /// <summary>Takes the load with the packets there are.</summary>
    public void Close(FlowTrack track)
    {
        IsFinished = true;
        if (LastOld is not { } old || FirstNew is not { } first) return;
        var rows = track.Rows;
        var from = Math.Max(Math.Max(track.FirstRow, rows.First), old.Packet.Row - LoadPackets);
        var to = Math.Min(track.Settled - 1, first.Packet.Row + LoadPackets);
        if (_oldLink is not null && _newLink is not null) TakeRates(_oldLink, _newLink, first.Packet.ReceivedNs);
        LastOldLateNs = LatenessNs(rows, old.Packet, from, old.Packet.Row, -1);
        FirstNewLateNs = LatenessNs(rows, first.Packet, first.Packet.Row, to, 1);
        if (to > from) Load = (to - from, rows[to].SendNs - rows[from].SendNs);
    }

    /// <summary>A packet's delay less the median of those over the same path, from it on or up to it.</summary>
    private static long LatenessNs(RowWindow rows, in Arrival packet, long from, long to, int step)
    {
        var delays = new RecentDelays();
        for (var row = packet.Row; row >= from && row <= to && delays.Count < OutageRule.DelayNeighbourhood; row += step)
        {
            ref var known = ref rows[row];
            if ((known.State & RowState.Received) != 0 && known.Carrier == packet.Path) delays.Add(known.ReceivedNs - known.SendNs, known.Carrier);
        }

        return delays.LatenessNs(packet, delays.Count);
    }

    private void TakeRates(LinkTransit oldLink, LinkTransit newLink, long firstNewNs)
    {
        var firstBin = (atNs - RatesBeforeNs) / RateRing.BaseNs;
        var bins = ((firstNewNs + RatesAfterNs) / RateRing.BaseNs) - firstBin;
        if (bins is <= 0 or > MostBins) return;
        var count = (int)bins;
        var sinceMove = (int)Math.Clamp((atNs / RateRing.BaseNs) - firstBin, 0, count);
        var rates = newLink.Rates.Counts(firstBin, count);
        Array.Clear(rates, 0, sinceMove); // What the new link carried before the move belongs to an earlier stay on it.
        Rates = new RateWindow(firstBin, oldLink.Rates.Counts(firstBin, count), rates, _oldTiming, newLink.Rates.Timing(firstBin + sinceMove, count - sinceMove));
    }

    private void FindLost(FlowTrack track)
    {
        if (LastOld is not { } old || FirstNew is not { } first || first.LostBefore == old.LostBefore) return;
        var rows = track.Rows;
        var (low, high) = (Math.Max(old.Packet.Row + 1, rows.First), first.Packet.Row - 1);
        while (low < first.Packet.Row && (rows[low].State & RowState.Lost) == 0) low++;
        while (high > old.Packet.Row && (rows[high].State & RowState.Lost) == 0) high--;
        if (low < first.Packet.Row) (FirstLostNs, LastLostNs) = (rows[low].SendNs, rows[high].SendNs);
    }
}
