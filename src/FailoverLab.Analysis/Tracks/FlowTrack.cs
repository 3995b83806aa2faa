namespace FailoverLab.Analysis;

/// <summary>
/// Follows one sequenced flow through time. Sightings of its packets at every point become rows, one per sequence number; a row is
/// settled, in order of the numbers, once nothing can be expected to change it, and is counted then. Arrivals are counted in order of
/// time once their rows are settled. What is kept does not grow with the flow.
/// </summary>
internal sealed class FlowTrack
{
    /// <summary>A packet not received so long after it was first seen is lost (the waiting time of RFC 7680 section 2.1).</summary>
    public const long WaitNs = 10_000_000_000;

    /// <summary>Copies and later points of a packet received are awaited so long (the forwarding delay threshold).</summary>
    public const long LingerNs = FlowCounters.ForwardingDelayThresholdNs;

    private const int RowsBehind = 320;
    private const int RowsBehindWithPaths = 640;
    private const int RowsToBegin = 64;

    private readonly Queue<Arrival> _arrivals = new();
    private readonly FlowPoints _points;
    private readonly RowNumbers _numbers = new();
    private readonly int _behind;
    private bool _begun;
    private bool _started;
    private long _settled;
    private long _stampedRow;
    private long _sendBefore = RowWindow.Missing;
    private long _sendBeforeRow;
    private Arrival? _last;
    private int _lost;

    /// <summary>Follows a flow from its first packet.</summary>
    /// <param name="ends">Name and ends.</param>
    /// <param name="points">The flow's points.</param>
    /// <param name="sinks">What is counted.</param>
    public FlowTrack(FlowEnds ends, FlowPoints points, FlowSinks sinks)
    {
        (Ends, _points, Sinks) = (ends, points, sinks);
        _behind = points.HasPaths ? RowsBehindWithPaths : RowsBehind;
        if (points.HasPaths) Rows.TrackPaths();
    }

    /// <summary>Name and ends.</summary>
    public FlowEnds Ends { get; }

    /// <summary>What was counted so far.</summary>
    public FlowSinks Sinks { get; }

    /// <summary>Packets with numbers that nothing explained.</summary>
    public long Strange => _numbers.Strange;

    /// <summary>The latest rows.</summary>
    public RowWindow Rows { get; } = new();

    /// <summary>Lowest row there ever was.</summary>
    public long FirstRow { get; private set; }

    /// <summary>Rows before this one are settled.</summary>
    public long Settled => _settled;

    /// <summary>Packets settled as lost.</summary>
    public int Lost => _lost;

    /// <summary>Rows there are.</summary>
    public long Count => _begun ? Rows.End - FirstRow : 0;

    /// <summary>The latest arrival counted; absent while there is none.</summary>
    public Arrival? LastArrival => _last;

    /// <summary>Packets lost before a row, which must be settled or the next to be.</summary>
    public int LostBefore(long row) => row >= _settled ? _lost : Rows.LostBefore(row);

    /// <summary>Takes sightings of one point after another, each point's in order of time.</summary>
    public void Take(ReadOnlySpan<Sighting> sightings)
    {
        foreach (ref readonly var sighting in sightings)
        {
            var slot = _points.SlotOf(sighting.Point, Rows);
            var row = _numbers.RowOf(slot, (long)sighting.A);
            if (row == RowNumbers.None) continue;
            if (row == _settled && row == Rows.End && _started && _points.IsReceiverAlone && _arrivals.Count == 0) TakeNext(row, sighting);
            else Take(slot, row, sighting);
        }
    }

    /// <summary>Settles what can be, all sightings up to an instant having been taken.</summary>
    /// <param name="nowNs">That instant, ns since the Unix epoch.</param>
    public void Settle(long nowNs)
    {
        if (!_begun) return;
        while (_settled < Rows.End && IsRipe(_settled, nowNs)) SettleNext();
        CountArrivals();
    }

    /// <summary>Settles everything: nothing more will come.</summary>
    /// <param name="observationEndNs">End of the observation, ns since the Unix epoch.</param>
    public void Finish(long observationEndNs)
    {
        Settle(long.MaxValue);
        Sinks.Finish(this, observationEndNs);
    }

    /// <summary>The next packet in order at the only point: counted at once.</summary>
    private void TakeNext(long row, in Sighting sighting)
    {
        if (Rows.End - Rows.First >= Rows.Capacity) MakeRoom();
        Rows.Append();
        var send = (long)sighting.B == RowWindow.Missing ? sighting.StampNs : (long)sighting.B;
        Rows.SendNs(row) = send;
        Rows.ReceivedNs(row) = sighting.StampNs;
        Rows.State(row) = RowState.Received;
        Sinks.Counters.CountReceived(row, sighting.Length);
        SettleNext();
        CountArrival(new Arrival(row, send, sighting.StampNs, _lost, -1));
    }

    private void Take(int slot, long row, in Sighting sighting)
    {
        ref readonly var role = ref _points[slot];
        if (!_begun) Begin(row);
        if (row < _settled || row < Rows.First)
        {
            if (_started || !TryPrepend(row))
            {
                if (role.IsReceiver) Sinks.Counters.CountStale(Rows.Holds(row) && (Rows.State(row) & RowState.Lost) != 0);
                return;
            }
        }

        while (row >= Rows.End)
        {
            if (Rows.End - Rows.First >= Rows.Capacity) MakeRoom();
            Rows.Append();
        }

        if (Rows.End - Rows.First >= RowsToBegin) _started = true;
        ref var seen = ref Rows.AtPoint(slot, row);
        var again = seen != RowWindow.Missing;
        if (!again) seen = sighting.StampNs;
        ref var state = ref Rows.State(row);
        if (role.IsSender && (state & RowState.Sent) == 0)
        {
            state |= RowState.Sent;
            Rows.SendNs(row) = sighting.StampNs;
        }

        if (role.Router >= 0 && Rows.Router(row) < 0) Rows.Router(row) = (sbyte)role.Router;
        if (!role.IsReceiver) return;
        if ((state & RowState.Received) != 0)
        {
            if (again) Sinks.Counters.Duplicates++;
            return;
        }

        state |= RowState.Received;
        Rows.ReceivedNs(row) = sighting.StampNs;
        if (Rows.SendNs(row) == RowWindow.Missing) Rows.SendNs(row) = (long)sighting.B == RowWindow.Missing ? sighting.StampNs : (long)sighting.B;
        Sinks.Counters.CountReceived(row, sighting.Length);
        _arrivals.Enqueue(new Arrival(row, Rows.SendNs(row), sighting.StampNs, 0, -1));
    }

    private void Begin(long row)
    {
        _begun = true;
        Rows.Start(row);
        (_settled, FirstRow, _stampedRow) = (row, row, row);
    }

    /// <summary>Numbers below the first seen are taken while the flow is young: its first packets may have been overtaken.</summary>
    private bool TryPrepend(long row)
    {
        if (_settled > FirstRow || Rows.End - row > RowsToBegin * 4) return false;
        while (Rows.First > row) Rows.Prepend();
        (_settled, FirstRow, _stampedRow) = (row, row, row);
        return true;
    }

    private bool IsRipe(long row, long nowNs)
    {
        if (nowNs == long.MaxValue) return true;
        var state = Rows.State(row);
        var received = (state & RowState.Received) != 0;
        if (received && _points.IsReceiverAlone && _started) return true;
        var since = FirstSeenNs(row);
        if (since > nowNs) return false;
        var complete = received && ((state & RowState.Sent) != 0 || !Ends.HasSender);
        return nowNs - since >= (complete ? LingerNs : WaitNs);
    }

    /// <summary>When a row, or the next one of which anything was seen, was first seen.</summary>
    private long FirstSeenNs(long row)
    {
        if (SeenNs(row) is var own && own != long.MaxValue) return own;
        for (_stampedRow = Math.Max(_stampedRow, row + 1); _stampedRow < Rows.End; _stampedRow++)
        {
            if (SeenNs(_stampedRow) is var next && next != long.MaxValue) return next;
        }

        return long.MaxValue;
    }

    private long SeenNs(long row)
    {
        var first = Rows.ReceivedNs(row) is var received && received != RowWindow.Missing ? received : long.MaxValue;
        if ((Rows.State(row) & RowState.Sent) != 0) return Math.Min(first, Rows.SendNs(row));
        for (var slot = 0; first == long.MaxValue && slot < _points.Count; slot++)
        {
            if (Rows.AtPoint(slot, row) is var seen && seen != RowWindow.Missing) first = seen;
        }

        return first;
    }

    private void SettleNext()
    {
        var row = _settled;
        ref var state = ref Rows.State(row);
        var isLost = Ends.HasReceiver && (state & RowState.Received) == 0 && ((state & RowState.Sent) != 0 || !Ends.HasSender);
        if (isLost) state |= RowState.Lost;
        Rows.LostBefore(row) = _lost;
        var send = Rows.SendNs(row);
        if (send == RowWindow.Missing) Rows.SendNs(row) = send = Interpolated(row);
        (_sendBefore, _sendBeforeRow) = (send, row);
        if (isLost) _lost++;
        _settled++;
        Sinks.OnRow(this, _points, row, send, state);
    }

    /// <summary>A packet nobody saw gets a send time between those of the nearest numbers seen.</summary>
    private long Interpolated(long row)
    {
        var after = row + 1;
        while (after < Rows.End && Rows.SendNs(after) == RowWindow.Missing) after++;
        if (after >= Rows.End) return _sendBefore == RowWindow.Missing ? 0 : _sendBefore;
        var next = Rows.SendNs(after);
        return _sendBefore == RowWindow.Missing ? next : _sendBefore + ((next - _sendBefore) / (after - _sendBeforeRow) * (row - _sendBeforeRow));
    }

    private void CountArrivals()
    {
        while (_arrivals.TryPeek(out var arrival) && arrival.Row < _settled)
        {
            _arrivals.Dequeue();
            var row = arrival.Row;
            CountArrival(Rows.Holds(row)
                ? new Arrival(row, Rows.SendNs(row), arrival.ReceivedNs, Rows.LostBefore(row), _points.HasPaths ? Rows.Carrier(row) : -1)
                : arrival with { LostBefore = _last?.LostBefore ?? 0 });
        }
    }

    private void CountArrival(in Arrival arrival)
    {
        Sinks.OnArrival(this, _last, arrival);
        _last = arrival;
    }

    /// <summary>Keeps what outages and moves look back to; drops the rest; grows; at the limit settles what is oldest.</summary>
    private void MakeRoom()
    {
        CountArrivals();
        var lookedAt = _last is { } last ? Math.Min(last.Row, _settled) : _settled;
        Rows.DropBefore(lookedAt - _behind);
        if (Rows.End - Rows.First <= Rows.Capacity - (Rows.Capacity / 4)) return;
        if (Rows.Capacity < RowWindow.Largest)
        {
            Rows.Grow();
            return;
        }

        while (_settled < Rows.End - (RowWindow.Largest / 2)) SettleNext();
        CountArrivals();
        Rows.DropBefore(_settled - _behind);
    }
}
