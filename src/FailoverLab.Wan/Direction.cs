using FailoverLab.Dataplane;
using FailoverLab.Emulator;
using FailoverLab.Linux;

namespace FailoverLab.Wan;

/// <summary>One direction of a running link: takes frames in at one interface, hands them on at the other when due. Used under its loop's gate.</summary>
internal sealed class Direction(PacketSocket source, PacketSocket target, LinkPipeline pipeline, IClock clock, LatencyHistogram lateness, FrameGate? gate)
{
    // A read that found nothing means that what comes later arrived later, give or take the kernel's own queueing. Nothing arrived
    // after it was read; that too is only known this closely, because the clock is read before a batch, not per frame.
    private const long StampSlackNs = 10_000_000;

    // A flood into one side must not keep the other from its turn.
    private const int MostAtOnce = 256;
    private readonly SegmentCutter _cutter = new();
    private readonly SegmentTrain? _train = target.TakesTrains ? new SegmentTrain() : null;
    private long _emptyAtNs = clock.MonotonicNs;
    private long _lastNs = long.MinValue;

    internal LinkPipeline Pipeline => pipeline;

    /// <summary>When the last frame so far arrived; the earliest number there is before the first.</summary>
    internal long LastArrivalNs => _lastNs;

    internal long Refused { get; private set; }

    /// <summary>Frames longer than the MTU that could not be cut.</summary>
    internal long Uncut { get; private set; }

    /// <summary>When to look again: a frame is due or a change is planned.</summary>
    internal long NextNs => Math.Min(pipeline.NextDueNs, pipeline.NextChangeNs);

    /// <summary>Takes in what waits. Stamps are CLOCK_REALTIME; the clocks' difference is taken once, and a step of the wall clock cannot move a frame far.</summary>
    /// <returns>Whether all of it was taken.</returns>
    internal bool TakeIn()
    {
        var clocks = ClockReading.Of(clock);
        var (nowNs, realtimeLeadNs) = (clocks.MonotonicNs, clocks.RealtimeLeadNs);
        var emptyAtNs = nowNs;
        for (var taken = 0; taken < MostAtOnce; taken++)
        {
            if (!source.TryRead(out var frame, out var stampNs, out var offload))
            {
                _emptyAtNs = emptyAtNs;
                return true;
            }

            // The thread may have stood still since it read the clock: what came meanwhile must not count from then.
            if (stampNs - realtimeLeadNs > nowNs + StampSlackNs)
            {
                clocks = ClockReading.Of(clock);
                (nowNs, realtimeLeadNs) = (clocks.MonotonicNs, clocks.RealtimeLeadNs);
            }

            // Frames of several processors may be stamped a little out of their order here.
            var arrivedNs = Math.Clamp(stampNs - realtimeLeadNs, _emptyAtNs - StampSlackNs, nowNs + StampSlackNs);
            _lastNs = Math.Max(_lastNs, arrivedNs);
            if (!offload.IsSegmented)
            {
                TakeIn(frame, stampNs, realtimeLeadNs);
            }
            else if (_cutter.TryOpen(frame, offload, source.MaxFrameBytes, out var segments))
            {
                // Every packet has its own fate, so what its sender left uncut is cut before anything is decided.
                while (_cutter.TryNext(ref segments, out var packet))
                {
                    TakeIn(packet, stampNs, realtimeLeadNs);
                }
            }
            else
            {
                Uncut++;
            }
        }

        return false;
    }

    /// <summary>Hands on what is due. A planned change waits until all that arrived before its instant has been read: those packets meet the values of before.</summary>
    internal void SendDue()
    {
        var nowNs = Math.Min(clock.MonotonicNs, Math.Max(_emptyAtNs, pipeline.NextChangeNs - 1));
        var hasSome = false;
        while (pipeline.TryDequeue(nowNs, out var frame, out var dueNs))
        {
            hasSome = true;
            Hand(frame);
            lateness.Record(nowNs - dueNs);
        }

        if (hasSome)
        {
            HandTrain();
            Refused += target.Flush();
            pipeline.HandedOn(clock.MonotonicNs);
        }
    }

    /// <summary>Pipeline time of an instant of the wall clock.</summary>
    internal long ToMonotonicNs(long realtimeNs) => ClockReading.Of(clock).ToMonotonicNs(realtimeNs);

    private void TakeIn(ReadOnlySpan<byte> frame, long stampNs, long realtimeLeadNs)
    {
        if (gate is null || gate(frame, stampNs))
        {
            pipeline.Enqueue(frame, _lastNs, _lastNs + realtimeLeadNs);
        }
    }

    private void Hand(ReadOnlySpan<byte> frame)
    {
        if (_train is null || _train.TryAdd(frame))
        {
            Refused += _train is null ? target.Append(frame) : 0;
            return;
        }

        HandTrain();
        if (!_train.TryAdd(frame))
        {
            Refused += target.Append(frame);
        }
    }

    private void HandTrain()
    {
        if (_train is not { Count: > 0 and var count })
        {
            return;
        }

        var frame = _train.Take(out var offload);
        Refused += count == 1 ? target.Append(frame) : target.SendTrain(frame, offload, count);
    }
}
