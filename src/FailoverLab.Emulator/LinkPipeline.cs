using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// One direction of an emulated link: frames go in with the time they arrived and come out when they are due. Time comes in by arguments
/// only; the fate of the n-th packet is a function of seed, link, direction, n and the values in force, however often and in whatever
/// portions it is asked. Nothing is allocated per frame. Not thread-safe.
/// <code>
/// arrival ─► up? ─► drop? ─► MTU ─► loss ─► pattern ─► slots ─► bottleneck (rate or trace, queue, CoDel)
///                                                                    └─► delay + jitter, reordering ─► corruption, duplication ─► out when due
/// </code>
/// </summary>
public sealed class LinkPipeline
{
    // As sleeps end late and threads are switched; the fewest packets that this is at high rates are still few.
    private const long ForgivenNs = 50_000;
    private readonly RandomLoss _loss;
    private readonly PatternLoss _pattern;
    private readonly SlotLoss _slots;
    private readonly Duplication _duplication;
    private readonly Corruption _corruption;
    private readonly TransitDelay _delay;
    private readonly ConditionPlayer _conditions = new();
    private readonly Bottleneck _bottleneck = new();
    private readonly TransitQueue _transit = new();
    private readonly FrameStore _frames;
    private readonly ChangePlan _changes = new();
    private Overtaking _overtaking;
    private PacketTally _tally;
    private long _index;
    private long _wallLeadNs;
    private long _lastInOrderNs = long.MinValue;
    private long _nowNs = long.MinValue;
    private long _lastOutNs = long.MaxValue;
    private long? _firstOutNs;

    /// <summary>Starts an empty link.</summary>
    /// <param name="impairments">What it does to packets at first.</param>
    /// <param name="random">A generator of this link and direction alone; equal seeds and equal packets give equal fates.</param>
    /// <param name="slots">Frames that may be inside at once; memory is taken as they are needed.</param>
    /// <param name="slotBytes">Longest frame, bytes.</param>
    public LinkPipeline(LinkImpairments impairments, SeededRandom random, int slots = 65_536, int slotBytes = 2048)
    {
        ArgumentNullException.ThrowIfNull(impairments);
        ArgumentNullException.ThrowIfNull(random);
        var keys = new KeyRing(random);
        _loss = new RandomLoss(keys.For("loss"));
        _pattern = new PatternLoss(keys);
        _slots = new SlotLoss(keys.For("slots"));
        _duplication = new Duplication(keys.For("duplicate"));
        _corruption = new Corruption(keys.For("corrupt"), keys.For("corrupt.place"));
        _delay = new TransitDelay(keys.For("jitter"), keys.For("jitter.second"));
        _overtaking = new Overtaking(keys.For("reorder"));
        _frames = new FrameStore(slots, slotBytes);
        Impairments = impairments;
    }

    /// <summary>
    /// What the link does to packets. A new value holds for packets that enter from now on, and a new rate for those that wait for it too.
    /// Packets inside keep the time they come out; because order is kept, a shorter delay shows once they are through. Only going down
    /// loses them.
    /// </summary>
    public LinkImpairments Impairments
    {
        get;
        set
        {
            field = value;
            _pattern.Set(value.LossPattern);
            _conditions.Set(value.Conditions);
            _bottleneck.Set(value);
            if (!value.IsUp || !value.HasCarrier)
            {
                LoseWhatIsInside();
            }
        }
    }

    /// <summary>Where each packet's fate is written; <see langword="null"/> for nowhere.</summary>
    public FateRing? Fates { get; set; }

    /// <summary>
    /// Whether a line that sends at its rate stands still whenever the machine does, and makes nothing up for it: what was not asked for in time comes
    /// out later, all at the distances it had. One packet's time, or a little, is forgiven. For links that run in real time; without it the rate is
    /// kept over any stall, and what is overdue comes out in a burst.
    /// </summary>
    public bool StandsStill { get; init; }

    /// <summary>When to look again, ns in the time of <see cref="Enqueue(ReadOnlySpan{byte}, long)"/>: no frame is due before; <see cref="long.MaxValue"/> when none is inside.</summary>
    public long NextDueNs
    {
        get
        {
            // Those that wait come out behind those that keep order, unless one may overtake: no need to wake for their turns.
            var nextNs = _transit.NextDueNs;
            return nextNs <= _lastInOrderNs && !_bottleneck.MayOvertake ? nextNs : Math.Min(nextNs, _bottleneck.EarliestDueNs);
        }
    }

    /// <summary>When the next planned change takes effect; <see cref="long.MaxValue"/> when none is planned.</summary>
    public long NextChangeNs => _changes.NextNs;

    /// <summary>What became of the packets so far.</summary>
    public LinkCounters Counters => _tally.Read(_bottleneck.Count + _transit.Count);

    /// <summary>Changes what the link does to packets, from an instant on: to those that arrive then or later.</summary>
    /// <param name="atNs">The instant; not before any arrival so far.</param>
    /// <param name="change">New values from the old.</param>
    public void Change(long atNs, Func<LinkImpairments, LinkImpairments> change)
    {
        Advance(atNs);
        Impairments = change(Impairments);
    }

    /// <summary>Plans a change. It takes effect when a packet arrives at its instant or later, or <see cref="TryDequeue"/> is asked then.</summary>
    /// <param name="atNs">The instant. Plans for one instant take effect in the order they were made.</param>
    /// <param name="change">New values from those in force then.</param>
    public void ChangeAt(long atNs, Func<LinkImpairments, LinkImpairments> change) => _changes.Add(atNs, change);

    /// <summary>Puts a frame in, where wall time is the pipeline's own.</summary>
    /// <param name="frame">Whole frame; copied.</param>
    /// <param name="receivedNs">When it arrived; not before the frame before it. The delay counts from here, however late this call is.</param>
    /// <returns>Whether it is inside now; otherwise it was dropped and counted.</returns>
    public bool Enqueue(ReadOnlySpan<byte> frame, long receivedNs) => Enqueue(frame, receivedNs, receivedNs);

    /// <summary>Puts a frame in.</summary>
    /// <param name="frame">Whole frame; copied.</param>
    /// <param name="receivedNs">When it arrived; not before the frame before it. The delay counts from here, however late this call is.</param>
    /// <param name="wallNs">The same instant as CLOCK_REALTIME ns, by which slots and traces go.</param>
    /// <returns>Whether it is inside now; otherwise it was dropped and counted.</returns>
    public bool Enqueue(ReadOnlySpan<byte> frame, long receivedNs, long wallNs)
    {
        _wallLeadNs = wallNs - receivedNs;
        Advance(receivedNs);
        var index = _index++;
        var link = Impairments;
        var row = _conditions.At(wallNs);
        var end = EndOnArrival(index, frame.Length, link, row, wallNs);
        if (end != PacketEnd.Passed)
        {
            Lose(new PacketEntry { Index = index, ArrivalNs = receivedNs, Length = frame.Length }, receivedNs, end);
            return false;
        }

        var packet = new PacketEntry { Index = index, ArrivalNs = receivedNs, Length = frame.Length, Slot = _frames.Put(frame) };
        if (packet.Slot < 0)
        {
            Lose(packet, receivedNs, PacketEnd.Capacity);
            return false;
        }

        packet.DelayNs = _delay.DrawNs(index, Ns(row?.Delay ?? link.Delay), Ns(row?.Jitter ?? link.Jitter), row?.JitterModel ?? link.JitterModel)
            + (link.Slots is { } slots ? SlotSky.AdditionNs(slots, wallNs) : 0);
        packet.Marks = Marks(index, link, row, _frames.At(packet.Slot, packet.Length));
        if ((packet.Marks & PacketMarks.Reordered) != 0)
        {
            packet.DelayNs = 0;
        }

        if (!_bottleneck.TryAdmit(packet, new BottleneckSettings(link, row)))
        {
            _frames.Free(packet.Slot);
            Lose(packet, receivedNs, PacketEnd.Queue);
            return false;
        }

        Serve(receivedNs);
        return true;
    }

    /// <summary>Takes the next frame that is due.</summary>
    /// <param name="nowNs">Time now.</param>
    /// <param name="frame">The frame; the view holds until the next call that puts one in.</param>
    /// <param name="dueNs">When it was due; at or before <paramref name="nowNs"/>.</param>
    /// <returns>Whether one was due.</returns>
    public bool TryDequeue(long nowNs, out ReadOnlySpan<byte> frame, out long dueNs)
    {
        dueNs = GoTo(nowNs);
        if (dueNs > nowNs || _transit.Count == 0)
        {
            frame = default;
            return false;
        }

        dueNs += StandsStill && nowNs - dueNs > ForgivenNs ? StandStill(nowNs - dueNs) : 0;
        _firstOutNs ??= dueNs;
        _lastOutNs = dueNs;
        var packet = _transit.Take();
        _frames.Free(packet.Slot);
        frame = _frames.At(packet.Slot, packet.Length);
        _tally.Pass(packet);
        return true;
    }

    /// <summary>Tells when what <see cref="TryDequeue"/> gave was really gone: the machine may have stood still between the two.</summary>
    /// <param name="atNs">Time then.</param>
    public void HandedOn(long atNs)
    {
        // Several at once are a fault where one takes longer than what is forgiven, and as it must be where many fit in there.
        var dueNs = _transit.NextLineNs >= ForgivenNs ? _firstOutNs ?? _lastOutNs : _lastOutNs;
        _firstOutNs = null;
        if (StandsStill && atNs - dueNs > ForgivenNs)
        {
            StandStill(atNs - dueNs);
        }
    }

    private static long Ns(TimeSpan value) => value.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Whether and why a packet ends here. Every pattern sees every packet, so that no value shifts another's state.</summary>
    private PacketEnd EndOnArrival(long index, int bytes, LinkImpairments link, ConditionRow? row, long wallNs)
    {
        var isInPattern = _pattern.Takes(index, link.LossPattern);
        return (link.IsUp && link.HasCarrier) switch
        {
            false => PacketEnd.Down,
            _ when link.Drop => PacketEnd.Drop,
            _ when SizeLimit.Takes(bytes, link.Mtu) => PacketEnd.TooLong,
            _ when _loss.Takes(index, row?.Loss ?? link.Loss) => PacketEnd.Loss,
            _ when isInPattern => PacketEnd.Pattern,
            _ when _slots.Takes(index, link.Slots, wallNs) => PacketEnd.Slots,
            _ => PacketEnd.Passed,
        };
    }

    private PacketMarks Marks(long index, LinkImpairments link, ConditionRow? row, Span<byte> frame)
    {
        var marks = link.KeepsOrder ? PacketMarks.None : PacketMarks.Free;
        marks |= _overtaking.Takes(index, link.Reorder, link.ReorderGap) ? PacketMarks.Reordered : PacketMarks.None;
        marks |= _duplication.Takes(index, row?.Duplicate ?? link.Duplicate) ? PacketMarks.Duplicated : PacketMarks.None;
        return marks | (_corruption.Takes(index, link.Corrupt) && _corruption.Flip(index, frame) ? PacketMarks.Corrupted : PacketMarks.None);
    }

    /// <summary>Goes to an instant, but makes a planned change only when nothing is left that is due before it.</summary>
    /// <returns>When the next frame is due.</returns>
    private long GoTo(long nowNs)
    {
        while (_changes.NextNs <= nowNs)
        {
            Serve(_changes.NextNs);
            if (_transit.NextDueNs <= _changes.NextNs)
            {
                return _transit.NextDueNs;
            }

            Advance(_changes.NextNs);
        }

        _nowNs = Math.Max(_nowNs, nowNs);
        Serve(nowNs);
        return _transit.NextDueNs;
    }

    /// <summary>Goes to an instant: makes the changes planned up to it, and serves what could be served before each.</summary>
    private void Advance(long nowNs)
    {
        while (_changes.NextNs <= nowNs)
        {
            var (atNs, change) = _changes.Take();
            Serve(atNs);
            _nowNs = Math.Max(_nowNs, atNs);
            Impairments = change(Impairments);
        }

        _nowNs = Math.Max(_nowNs, nowNs);
        Serve(nowNs);
    }

    private long StandStill(long lateNs)
    {
        var lostNs = _transit.NextLineNs is > 0 and var lineNs ? lateNs - Math.Max(lineNs, ForgivenNs) : 0;
        if (lostNs <= 0)
        {
            return 0;
        }

        if (_transit.Postpone(lostNs, out var pushedToNs))
        {
            _bottleneck.Postpone(lostNs);
            _lastInOrderNs += lostNs;
        }

        _lastInOrderNs = Math.Max(_lastInOrderNs, pushedToNs);

        _tally.StandStill(lostNs);
        return lostNs;
    }

    private void Serve(long untilNs)
    {
        while (_bottleneck.TryServe(untilNs, Impairments, _conditions, _wallLeadNs, out var packet, out var leavesNs, out var isDropped))
        {
            if (isDropped)
            {
                _frames.Free(packet.Slot);
                Lose(packet, leavesNs, PacketEnd.CoDel);
                continue;
            }

            packet.DueNs = leavesNs + packet.DelayNs;
            if ((packet.Marks & (PacketMarks.Free | PacketMarks.Reordered)) == 0)
            {
                packet.DueNs = _lastInOrderNs = Math.Max(_lastInOrderNs, packet.DueNs);
            }

            Depart(ref packet);
        }
    }

    private void Depart(ref PacketEntry packet)
    {
        var copy = packet;
        if ((packet.Marks & PacketMarks.Duplicated) != 0)
        {
            copy.Slot = _frames.Put(_frames.At(packet.Slot, packet.Length));
            packet.Marks = copy.Slot < 0 ? packet.Marks & ~PacketMarks.Duplicated : packet.Marks;
        }

        Fates?.Write(Fate(packet, packet.DueNs, PacketEnd.Passed));
        _tally.Mark(packet.Marks);
        _transit.Add(ref packet);
        if ((packet.Marks & PacketMarks.Duplicated) != 0)
        {
            copy.DueNs = packet.DueNs;
            _transit.Add(ref copy);
        }
    }

    private void Lose(in PacketEntry packet, long atNs, PacketEnd end)
    {
        _tally.Lose(end);
        Fates?.Write(Fate(packet, atNs, end));
    }

    private static PacketFate Fate(in PacketEntry packet, long dueNs, PacketEnd end) =>
        new() { Index = packet.Index, ArrivalNs = packet.ArrivalNs, DueNs = dueNs, Bytes = packet.Length, End = end, Marks = packet.Marks };

    private void LoseWhatIsInside()
    {
        // What was due by now is out, although nobody took it yet.
        while (_transit.TryTakeAfter(_nowNs, out var packet))
        {
            LoseInside(packet);
        }

        while (_bottleneck.Count > 0)
        {
            LoseInside(_bottleneck.Remove());
        }

        _bottleneck.Clear();
        _lastInOrderNs = long.MinValue;
    }

    private void LoseInside(in PacketEntry packet)
    {
        _frames.Free(packet.Slot);
        Lose(packet, packet.DueNs, PacketEnd.Inside);
    }
}
