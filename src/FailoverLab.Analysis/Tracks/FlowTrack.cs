using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>
/// Follows one sequenced flow through time. Sightings of its packets at every point become rows, one per sequence number; a row is
/// settled, in order of the numbers, once nothing can be expected to change it, and is counted then. Arrivals are counted in order of
/// time, once it is known when they were sent. What is kept does not grow with the flow.
/// </summary>
internal sealed class FlowTrack
{
    /// <summary>A packet not received so long after it was first seen at its sender is lost (the waiting time of RFC 7680 section 2.1).</summary>
    public const long WaitNs = 10_000_000_000;

    /// <summary>Copies and later points of a packet received, and numbers left out where only arrivals are seen, are awaited so long.</summary>
    public const long LingerNs = FlowCounters.ForwardingDelayThresholdNs;

    // A sender's stamp beyond the year 2116 is damage; an absent one is beyond it too.
    private const ulong LatestNs = 1UL << 62;

    private const int RowsBehind = 320;
    private const int RowsBehindWithPaths = 640;
    private const int RowsToBegin = 64;

    private readonly Queue<long> _arrivals = new();
    private readonly FlowPoints _points;
    private readonly RowNumbers _numbers = new();
    private readonly int _behind;
    private bool _begun;
    private bool _started;
    private long _settled;
    private long _stampedRow;
    private long _sentRow;
    private long _sendBefore = RowWindow.Missing;
    private long _sendBeforeRow;
    private Arrival _last;
    private int _lost;

    /// <summary>Follows a flow from its first packet.</summary>
    /// <param name="ends">Name and ends.</param>
    /// <param name="points">The flow's points.</param>
    /// <param name="sinks">What is counted.</param>
    public FlowTrack(FlowEnds ends, FlowPoints points, FlowSinks sinks)
    {
        (Ends, _points, Sinks) = (ends, points, sinks);
        _behind = points.HasPaths ? RowsBehindWithPaths : RowsBehind;
    }

    /// <summary>Name and ends.</summary>
    public FlowEnds Ends { get; }

    /// <summary>The points that saw it.</summary>
    public IReadOnlyList<FlowPoint> Points => _points.All;

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

    /// <summary>Whether any arrival was counted.</summary>
    public bool HasArrived { get; private set; }

    /// <summary>The latest arrival counted.</summary>
    public ref readonly Arrival LastArrival => ref _last;

    /// <summary>Packets lost before a row, which must be settled or the next to be.</summary>
    public int LostBefore(long row) => row >= _settled ? _lost : Sinks.Losses.LostBeforeRow(row);

    /// <summary>Takes sightings of one point after another, each point's in order of time.</summary>
    public void Take(ReadOnlySpan<Sighting> sightings)
    {
        for (var i = 0; i < sightings.Length; i++)
        {
            ref readonly var sighting = ref sightings[i];
            if ((long)sighting.A == RowNumbers.None) continue;
            var slot = _points.SlotOf(sighting.Point, Rows);
            var row = _numbers.RowOf(slot, (long)sighting.A);
            if (row == RowNumbers.None) continue;
            if (row == Rows.End && _started && _points.IsReceiverAlone)
            {
                if (!Rows.HasRoom) MakeRoom();
                if (row == _last.Row + 1 && HasArrived) i += ReceiveRun(slot, row, sightings[i..]);
                else Receive(row, ref Rows.Append(), sighting);
            }
            else
            {
                Take(slot, row, sighting);
            }
        }
    }

    /// <summary>Settles what can be, all sightings up to an instant having been taken.</summary>
    /// <param name="nowNs">That instant, ns since the Unix epoch.</param>
    public void Settle(long nowNs)
    {
        if (!_begun) return;
        _sentRow = 0;
        var alone = _points.IsReceiverAlone && _started;
        while (_settled < Rows.End)
        {
            if (alone) SettleArrived();
            if (_settled == Rows.End) break;
            ref var row = ref Rows[_settled];
            if (!IsRipe(_settled, row, nowNs)) break;
            SettleNext(ref row);
        }

        CountArrivals();
        Sinks.Outages.Close(this);
    }

    /// <summary>Settles everything: nothing more will come.</summary>
    /// <param name="observationEndNs">End of the observation, ns since the Unix epoch.</param>
    public void Finish(long observationEndNs)
    {
        Settle(long.MaxValue);
        Sinks.Finish(this, observationEndNs);
    }

    private void Take(int slot, long row, in Sighting sighting)
    {
        var role = _points[slot];
        if (!_begun) Begin(row);
        if (row < _settled || row < Rows.First)
        {
            if (!TryPrepend(row))
            {
                if (role.IsReceiver) Sinks.Counters.CountStale(Sinks.Losses.Holds(row));
                return;
            }
        }

        while (row >= Rows.End)
        {
            if (!Rows.HasRoom) MakeRoom();
            Rows.Append();
        }

        if (Rows.End - Rows.First >= RowsToBegin) _started = true;
        var again = false;
        if (_points.IsReceiverAlone)
        {
            again = (Rows[row].State & RowState.Received) != 0;
        }
        else
        {
            ref var seen = ref Rows.AtPoint(slot, row);
            again = seen != RowWindow.Missing;
            if (!again) seen = sighting.StampNs;
        }

        ref var known = ref Rows[row];
        if (role.IsSender && (known.State & RowState.Sent) == 0)
        {
            known.State |= RowState.Sent;
            known.SendNs = sighting.StampNs;
        }

        if (known.Length == 0) known.Length = (ushort)Math.Min(sighting.Length, ushort.MaxValue);
        if (role.Router >= 0 && known.Router < 0) known.Router = (sbyte)role.Router;
        if (!role.IsReceiver) return;
        if ((known.State & RowState.Received) == 0) Receive(row, ref known, sighting);
        else if (again) Sinks.Counters.Duplicates++;
    }

    /// <summary>The first copy arrives. Where no sender's capture can tell better when it was sent, it is counted at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Receive(long row, ref Row known, in Sighting sighting)
    {
        known.State |= RowState.Received;
        known.ReceivedNs = sighting.StampNs;
        known.Length = (ushort)Math.Min(sighting.Length, ushort.MaxValue);
        if (known.SendNs == RowWindow.Missing) known.SendNs = SendNsOf(sighting);
        Sinks.Counters.CountReceived(row, sighting.Length);
        if (_points.IsReceiverAlone) CountArrival(new Arrival(row, known.SendNs, sighting.StampNs, sighting.Length, -1), wasSent: false);
        else _arrivals.Enqueue(row);
    }

    /// <summary>The next packets, all new and in order, at the flow's only point.</summary>
    /// <returns>How many were taken beyond the first.</returns>
    private int ReceiveRun(int slot, long row, ReadOnlySpan<Sighting> sightings)
    {
        var length = SteadyRun.LengthOf(sightings);
        if (length >= SteadyRun.Shortest && IsSettledBefore(row)) return ReceiveSettled(slot, row, sightings[..length]);
        var rows = Rows.FreeRows(length);
        var count = rows.Length;
        if (count < SteadyRun.Shortest)
        {
            Receive(row, ref Rows.Append(), sightings[0]);
            return 0;
        }

        Span<long> delays = stackalloc long[count];
        Span<long> differences = stackalloc long[count];
        var (before, bytes, longest) = (_last.DelayNs, 0L, long.MinValue);
        for (var i = 0; i < rows.Length; i++)
        {
            ref readonly var sighting = ref sightings[i];
            var sendNs = SendNsOf(sighting);
            var delay = sighting.StampNs - sendNs;
            (delays[i], differences[i], before, longest) = (delay, delay - before, delay, Math.Max(longest, delay));
            bytes += sighting.Length;
            rows[i] = Received(sendNs, sighting);
        }

        Rows.AddFilled(count);
        var run = new SteadyRun { FirstRow = row, Sightings = sightings[..count], Delays = delays, GreatestDelayNs = longest, Differences = differences, Bytes = bytes };
        CountArrivals(slot, run);
        return count - 1;
    }

    /// <summary>Whether nothing before a row is waited for, nor looked back to.</summary>
    private bool IsSettledBefore(long row)
    {
        // Until anything is settled, numbers below the first may come.
        if (_settled == FirstRow) return false;
        SettleArrived();
        return _settled == row && Sinks.Outages.LooksBackTo == long.MaxValue;
    }

    /// <summary>
    /// The same where nothing is waited for: they are settled as they arrive, and of their rows only those are kept that an outage would show. The loop
    /// is its own, because flows that lose packets need not fill the columns that only this one has.
    /// </summary>
    private int ReceiveSettled(int slot, long row, ReadOnlySpan<Sighting> sightings)
    {
        var count = sightings.Length;
        Span<long> sends = stackalloc long[count];
        Span<long> delays = stackalloc long[count];
        Span<long> differences = stackalloc long[count];
        var (before, bytes, longest) = (_last.DelayNs, 0L, long.MinValue);
        var (least, greatest) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < sightings.Length; i++)
        {
            ref readonly var sighting = ref sightings[i];
            var sendNs = SendNsOf(sighting);
            var delay = sighting.StampNs - sendNs;
            (sends[i], delays[i], differences[i], before, longest) = (sendNs, delay, delay - before, delay, Math.Max(longest, delay));
            (least, greatest) = (Math.Min(least, sendNs), Math.Max(greatest, sendNs));
            bytes += sighting.Length;
        }

        var kept = Math.Min(count, Sinks.Outages.RowsShownBefore + 1);
        Rows.PassOver(count - kept, kept);
        for (var i = count - kept; i < count; i++) Rows.Append() = Received(sends[i], sightings[i]);
        var run = new SteadyRun { FirstRow = row, Sightings = sightings, Delays = delays, GreatestDelayNs = longest, Differences = differences, Bytes = bytes };
        CountArrivals(slot, run);
        SettleRun(sends, least, greatest);
        return count - 1;
    }

    private void CountArrivals(int slot, in SteadyRun run)
    {
        _numbers.PassOver(slot, run.Count - 1);
        Sinks.OnArrivals(run);
        _last = new Arrival(run.LastRow, run.Last.StampNs - run.Delays[^1], run.Last.StampNs, run.Last.Length, -1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row Received(long sendNs, in Sighting sighting) => new()
    {
        SendNs = sendNs,
        ReceivedNs = sighting.StampNs,
        Length = (ushort)Math.Min(sighting.Length, ushort.MaxValue),
        State = RowState.Received,
        Carrier = -1,
        Router = -1,
    };

    /// <summary>When the sender says it sent the packet; where it says nothing, or nonsense, when it was seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long SendNsOf(in Sighting sighting) => sighting.B <= LatestNs ? (long)sighting.B : sighting.StampNs;

    private void Begin(long row)
    {
        _begun = true;
        Rows.Start(row);
        (_settled, FirstRow, _stampedRow) = (row, row, row);
    }

    /// <summary>Numbers below the first seen are taken until any is settled: the first capture read may be of a point the flow came to late.</summary>
    private bool TryPrepend(long row)
    {
        if (_settled > FirstRow || Rows.End - row > RowWindow.Largest) return false;
        while (Rows.End - row > Rows.Capacity) Rows.Grow();
        while (Rows.First > row) Rows.Prepend();
        (_settled, FirstRow, _stampedRow) = (row, row, row);
        return true;
    }

    private bool IsRipe(long number, in Row row, long nowNs)
    {
        if (nowNs == long.MaxValue) return true;
        var since = FirstSeenNs(number);
        if (since > nowNs) return false;
        var complete = (row.State & RowState.Received) != 0 && ((row.State & RowState.Sent) != 0 || !Ends.HasSender);
        return nowNs - since >= (complete || _points.IsReceiverAlone ? LingerNs : WaitNs);
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

    private long SeenNs(long number)
    {
        ref var row = ref Rows[number];
        var first = row.ReceivedNs != RowWindow.Missing ? row.ReceivedNs : long.MaxValue;
        if ((row.State & RowState.Sent) != 0) return Math.Min(first, row.SendNs);
        for (var slot = 0; first == long.MaxValue && slot < _points.Count && !_points.IsReceiverAlone; slot++)
        {
            if (Rows.AtPoint(slot, number) is var seen && seen != RowWindow.Missing) first = seen;
        }

        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SettleNext(ref Row row)
    {
        var number = _settled++;
        var lostBefore = _lost;
        if (Ends.HasReceiver && (row.State & RowState.Received) == 0 && ((row.State & RowState.Sent) != 0 || !Ends.HasSender))
        {
            row.State |= RowState.Lost;
            _lost++;
        }

        if (row.SendNs == RowWindow.Missing) row.SendNs = Interpolated(number);
        (_sendBefore, _sendBeforeRow) = (row.SendNs, number);
        Sinks.OnRow(this, _points, number, ref row, lostBefore);
    }

    /// <summary>Settles rows up to the next that did not arrive yet: at the flow's only point, a packet that arrived waits for nothing but those before it.</summary>
    private void SettleArrived()
    {
        while (_settled < Rows.End)
        {
            ref var row = ref Rows[_settled];
            if ((row.State & RowState.Received) == 0) return;
            if (!SettleRun()) SettleNext(ref row);
        }
    }

    /// <summary>Settles the next rows where they all arrived at the flow's only point.</summary>
    private bool SettleRun()
    {
        var rows = Rows.RowsFrom(_settled, SteadyRun.Longest);
        Span<long> sends = stackalloc long[rows.Length];
        var (least, greatest, count) = (long.MaxValue, long.MinValue, 0);
        for (; count < rows.Length && (rows[count].State & RowState.Received) != 0; count++)
        {
            var sendNs = rows[count].SendNs;
            (least, greatest, sends[count]) = (Math.Min(least, sendNs), Math.Max(greatest, sendNs), sendNs);
        }

        if (count < SteadyRun.Shortest) return false;
        SettleRun(sends[..count], least, greatest);
        return true;
    }

    /// <summary>Settles so many rows as there are send times, all arrived.</summary>
    private void SettleRun(ReadOnlySpan<long> sends, long leastNs, long greatestNs)
    {
        _settled += sends.Length;
        (_sendBefore, _sendBeforeRow) = (sends[^1], _settled - 1);
        Sinks.OnRows(new SettledRun { LastRow = _sendBeforeRow, SendsNs = sends, EarliestNs = leastNs, LatestNs = greatestNs, LostBefore = _lost });
    }

    /// <summary>A packet nobody saw gets a send time between those of the nearest numbers seen.</summary>
    private long Interpolated(long row)
    {
        // Found once for all rows before it, or many lost at once would take the square of their number.
        var after = Math.Max(_sentRow, row + 1);
        while (after < Rows.End && Rows[after].SendNs == RowWindow.Missing) after++;
        _sentRow = after;
        if (after >= Rows.End) return _sendBefore == RowWindow.Missing ? 0 : _sendBefore;
        var next = Rows[after].SendNs;
        return _sendBefore == RowWindow.Missing ? next : _sendBefore + ((next - _sendBefore) / (after - _sendBeforeRow) * (row - _sendBeforeRow));
    }

    private void CountArrivals()
    {
        while (_arrivals.TryPeek(out var row) && row < _settled)
        {
            _arrivals.Dequeue();
            if (!Rows.Holds(row)) continue;
            ref var known = ref Rows[row];
            CountArrival(new Arrival(row, known.SendNs, known.ReceivedNs, known.Length, known.Carrier), (known.State & RowState.Sent) != 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountArrival(in Arrival arrival, bool wasSent)
    {
        Sinks.OnArrival(this, arrival, wasSent);
        HasArrived = true;
        _last = arrival;
    }

    /// <summary>Keeps what outages and moves look back to; drops the rest; grows; at the limit settles what is oldest.</summary>
    private void MakeRoom()
    {
        CountArrivals();
        var lookedAt = Math.Min(_settled, Sinks.Outages.LooksBackTo);
        if (HasArrived) lookedAt = Math.Min(lookedAt, _last.Row);

        // Of a flow at one point nothing waits for an earlier row: its arrivals are counted at once, and what was lost is in the index.
        Rows.DropBefore(lookedAt - (_points.IsReceiverAlone ? Sinks.Outages.RowsShownBefore : _behind));
        if (Rows.End - Rows.First <= Rows.Capacity - (Rows.Capacity / 8)) return;
        if (Rows.Capacity < RowWindow.Largest)
        {
            Rows.Grow();
            return;
        }

        _sentRow = 0;
        while (_settled < Rows.End - (RowWindow.Largest / 2)) SettleNext(ref Rows[_settled]);
        CountArrivals();
        Sinks.Outages.Close(this);
        Rows.DropBefore(_settled - _behind);
    }
}
