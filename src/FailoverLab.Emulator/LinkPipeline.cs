using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// One direction of an emulated link: frames go in with the time they arrived and come out when they are due. Time comes in by arguments
/// only. Order is kept; nothing is allocated per frame. Not thread-safe.
/// <code>
/// arrival ─► up? ─► silent drop? ─► random loss? ─► bottleneck (rate, queue limit) ─► delay + jitter ─► out when due
/// </code>
/// </summary>
public sealed class LinkPipeline
{
    private readonly RandomLoss _loss;
    private readonly Bottleneck _bottleneck = new();
    private readonly TransitDelay _delay;
    private readonly FrameQueue _inside;
    private LinkCounters _counters;

    /// <summary>Starts an empty link.</summary>
    /// <param name="impairments">What it does to packets at first.</param>
    /// <param name="random">A generator of this link and direction alone; equal seeds and equal packets give equal fates.</param>
    /// <param name="slots">Frames that may be inside at once.</param>
    /// <param name="slotBytes">Longest frame, bytes.</param>
    public LinkPipeline(LinkImpairments impairments, SeededRandom random, int slots = 8192, int slotBytes = 2048)
    {
        Impairments = impairments;
        _loss = new RandomLoss(random.Split("loss"));
        _delay = new TransitDelay(random.Split("jitter"));
        _inside = new FrameQueue(slots, slotBytes);
    }

    /// <summary>
    /// What the link does to packets. A new value holds for packets that enter from now on; those inside keep the time they come out, and
    /// because order is kept, a shorter delay shows once they are through. Only going down loses them. Change one value by <c>with</c>.
    /// </summary>
    public LinkImpairments Impairments
    {
        get;
        set
        {
            field = value;
            if (!value.IsUp)
            {
                LoseWhatIsInside();
            }
        }
    }

    /// <summary>When the next frame is due, ns in the time of <see cref="Enqueue"/>; <see cref="long.MaxValue"/> when none is inside.</summary>
    public long NextDueNs => _inside.NextDueNs;

    /// <summary>What became of the packets so far.</summary>
    public LinkCounters Counters => _counters with { Inside = _inside.Count };

    /// <summary>Puts a frame in.</summary>
    /// <param name="frame">Whole frame; copied.</param>
    /// <param name="receivedNs">When it arrived; not before the frame before it. The delay counts from here, however late this call is.</param>
    /// <returns>Whether it is inside now; otherwise it was dropped and counted.</returns>
    public bool Enqueue(ReadOnlySpan<byte> frame, long receivedNs)
    {
        var now = Impairments;
        var isLost = _loss.Takes(now.Loss);
        if (!now.IsUp)
        {
            _counters = _counters with { DroppedByDown = _counters.DroppedByDown + 1 };
        }
        else if (now.Drop)
        {
            _counters = _counters with { DroppedByDrop = _counters.DroppedByDrop + 1 };
        }
        else if (isLost)
        {
            _counters = _counters with { DroppedByLoss = _counters.DroppedByLoss + 1 };
        }
        else if (!_bottleneck.TryPass(receivedNs, frame.Length, now.Rate, now.QueueLimit.Ticks * TimeSpan.NanosecondsPerTick, out var leavesNs))
        {
            _counters = _counters with { DroppedByQueue = _counters.DroppedByQueue + 1 };
        }
        else if (!_inside.TryAdd(frame, _delay.DueNs(leavesNs, now.Delay, now.Jitter, _inside.LastDueNs)))
        {
            _counters = _counters with { DroppedByCapacity = _counters.DroppedByCapacity + 1 };
        }
        else
        {
            return true;
        }

        return false;
    }

    /// <summary>Takes the next frame that is due.</summary>
    /// <param name="nowNs">Time now.</param>
    /// <param name="frame">The frame; the view holds until the next <see cref="Enqueue"/>.</param>
    /// <param name="dueNs">When it was due; at or before <paramref name="nowNs"/>.</param>
    /// <returns>Whether one was due.</returns>
    public bool TryDequeue(long nowNs, out ReadOnlySpan<byte> frame, out long dueNs)
    {
        dueNs = _inside.NextDueNs;
        if (dueNs > nowNs || _inside.Count == 0)
        {
            frame = default;
            return false;
        }

        frame = _inside.Take();
        _counters = _counters with { Forwarded = _counters.Forwarded + 1, ForwardedBytes = _counters.ForwardedBytes + frame.Length };
        return true;
    }

    private void LoseWhatIsInside()
    {
        _counters = _counters with { DroppedByDown = _counters.DroppedByDown + _inside.Count };
        while (_inside.Count > 0)
        {
            _inside.Take();
        }

        _bottleneck.Clear();
    }
}
