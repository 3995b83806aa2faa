namespace FailoverLab.Emulator;

/// <summary>
/// Lets packets through one after the other at a rate, exactly: by virtual finish time, without tokens or bursts. The fraction of a
/// nanosecond that a packet leaves over counts for the next one. Those that wait do so for real, so that a new rate holds for them, and
/// CoDel may drop them.
/// </summary>
internal sealed class Bottleneck
{
    private const long NsPerSecond = 1_000_000_000;
    private const long Never = long.MinValue / 2;
    private readonly EntryRing _waiting = new();
    private readonly BacklogLedger _ledger = new();
    private readonly CoDel _codel = new();
    private readonly DeliveryClock _deliveries = new();
    private long _waitingBytes;
    private long _freeAtNs = Never;
    private long _remainder;
    private long _remainderRate;
    private int _overtakers;

    internal int Count => _waiting.Count;

    /// <summary>Earliest instant at which one that waits may come out behind the bottleneck; <see cref="long.MaxValue"/> when none waits.</summary>
    internal long EarliestDueNs => _waiting.Count == 0 ? long.MaxValue : TurnNs + (_overtakers > 0 ? 0 : _waiting.First.DelayNs);

    /// <summary>Whether one that waits may come out before others that left the bottleneck earlier.</summary>
    internal bool MayOvertake => _overtakers > 0;

    private long TurnNs => Math.Max(_waiting.First.ArrivalNs, _freeAtNs);

    /// <summary>Takes new values: a trace that was not there before begins.</summary>
    internal void Set(LinkImpairments link)
    {
        _deliveries.Set(link.Deliveries);
        if (link.Queue != QueueDiscipline.CoDel)
        {
            _codel.Reset();
        }
    }

    /// <summary>Lets a packet in, if there is room. What could be served before it arrived has been.</summary>
    internal bool TryAdmit(in PacketEntry packet, in BottleneckSettings settings)
    {
        var (servedPackets, servedBytes) = _ledger.At(packet.ArrivalNs);
        var isIdle = _waiting.Count == 0 && servedPackets == 0 && _freeAtNs <= packet.ArrivalNs;
        if (!isIdle && (settings.Rate is not null || _deliveries.IsOn) && IsFull(packet, settings, servedPackets, servedBytes))
        {
            return false;
        }

        _waiting.Add(packet);
        _waitingBytes += packet.Length;
        _overtakers += IsOvertaker(packet) ? 1 : 0;
        return true;
    }

    /// <summary>Serves the next packet, if its turn comes up to an instant.</summary>
    /// <param name="untilNs">The instant.</param>
    /// <param name="link">Values now.</param>
    /// <param name="conditions">Values over time.</param>
    /// <param name="wallLeadNs">Wall time less pipeline time.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="leavesNs">When its last bit leaves; for one dropped, when that was.</param>
    /// <param name="isDropped">Whether CoDel dropped it.</param>
    internal bool TryServe(
        long untilNs, LinkImpairments link, ConditionPlayer conditions, long wallLeadNs, out PacketEntry packet, out long leavesNs, out bool isDropped)
    {
        (packet, leavesNs, isDropped) = (default, 0, false);
        if (_waiting.Count == 0 || TurnNs > untilNs)
        {
            return false;
        }

        var turnNs = TurnNs;
        packet = _waiting.Take();
        _waitingBytes -= packet.Length;
        _overtakers -= IsOvertaker(packet) ? 1 : 0;
        if (turnNs > packet.ArrivalNs)
        {
            _ledger.Serve(packet, turnNs);
        }

        leavesNs = turnNs;
        isDropped = link.Queue == QueueDiscipline.CoDel
            && _codel.Takes(turnNs, turnNs - packet.ArrivalNs, packet.Length, _waitingBytes, Ns(link.CoDelTarget), Ns(link.CoDelInterval));
        if (!isDropped)
        {
            _freeAtNs = leavesNs = Send(turnNs, packet.Length, new BottleneckSettings(link, conditions.At(turnNs + wallLeadNs)), wallLeadNs);
            packet.LineNs = turnNs > packet.ArrivalNs && !_deliveries.IsOn && !IsOvertaker(packet) ? leavesNs - turnNs : 0;
        }

        return true;
    }

    /// <summary>Has the line free later: it stood still.</summary>
    internal void Postpone(long ns) => _freeAtNs += ns;

    /// <summary>Takes one that waits without serving it: the link went down.</summary>
    internal PacketEntry Remove() => _waiting.Take();

    /// <summary>Forgets what was going on, once all that waited were removed.</summary>
    internal void Clear()
    {
        (_waitingBytes, _overtakers, _freeAtNs, _remainder) = (0, 0, Never, 0);
        _ledger.Clear();
        _codel.Reset();
    }

    private static bool IsOvertaker(in PacketEntry packet) => (packet.Marks & (PacketMarks.Free | PacketMarks.Reordered)) != 0;

    private static long Ns(TimeSpan value) => value.Ticks * TimeSpan.NanosecondsPerTick;

    private bool IsFull(in PacketEntry packet, in BottleneckSettings settings, int servedPackets, long servedBytes)
    {
        var link = settings.Link;
        if (_waiting.Count + servedPackets >= (settings.LimitPackets ?? int.MaxValue)
            || _waitingBytes + servedBytes + packet.Length > (link.QueueLimitBytes ?? long.MaxValue))
        {
            return true;
        }

        if (_deliveries.IsOn)
        {
            // What a trace will carry is not known from a rate; the longest wait so far stands for it.
            return _waiting.Count > 0 && packet.ArrivalNs - _waiting.First.ArrivalNs > settings.LimitNs;
        }

        var bits = (_waitingBytes + ((long)_waiting.Count * link.RateOverheadBytes)) * 8.0;
        return Math.Max(0, _freeAtNs - packet.ArrivalNs) + (bits * NsPerSecond / settings.Rate!.Value.BitsPerSecond) > settings.LimitNs;
    }

    private long Send(long turnNs, int frameBytes, in BottleneckSettings settings, long wallLeadNs)
    {
        if (_deliveries.IsOn)
        {
            return _deliveries.Carry(turnNs, settings.Bytes(frameBytes), wallLeadNs);
        }

        if (settings.Rate is not { } rate)
        {
            return turnNs;
        }

        if (turnNs > _freeAtNs || rate.BitsPerSecond != _remainderRate)
        {
            (_remainder, _remainderRate) = (0, rate.BitsPerSecond);
        }

        var scaled = (settings.Bytes(frameBytes) * 8L * NsPerSecond) + _remainder;
        _remainder = scaled % rate.BitsPerSecond;
        return turnNs + (scaled / rate.BitsPerSecond);
    }
}
