using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Probing;

/// <summary>The sender's work, one packet a step, without the thread. Allocates nothing per packet.</summary>
internal sealed class ProbeSending
{
    private readonly SendSchedule _schedule;
    private readonly Sending[] _flows;
    private readonly LatencyHistogram _lateness = new();
    private readonly IClock _clock;

    internal ProbeSending(IReadOnlyList<ProbeFlow> flows, long startNs, IClock clock)
    {
        _clock = clock;
        _schedule = new SendSchedule(startNs, [.. flows.Select(f => f.Interval)]);
        _flows = [.. flows.Select(f => new Sending(f, PacketOf(f)))];
    }

    /// <summary>When the next packet's turn is.</summary>
    internal long DueNs => _schedule.DueNs;

    /// <summary>Sends the packet whose turn has come.</summary>
    internal void SendNext()
    {
        var lateNs = _clock.MonotonicNs - _schedule.DueNs;
        _lateness.Record(lateNs);
        _flows[_schedule.Flow].Send(_clock.RealtimeNs, isLate: lateNs > _schedule.IntervalNs);
        _schedule.Advance();
    }

    internal SenderSnapshot Snapshot() =>
        new([.. _flows.Select(f => f.Counts)], _lateness.PercentileNs(0.5), _lateness.PercentileNs(0.99), _lateness.MaxNs);

    private static byte[] PacketOf(ProbeFlow flow)
    {
        if (!flow.IsSizeCoded) return new byte[Math.Max(ProbeHeader.Size, flow.PayloadBytes)];
        var largest = new byte[ProbeSizeCode.LargestPayload];
        ProbeSizeCode.FillTail(largest, flow.Id);
        return largest;
    }

    private sealed class Sending(ProbeFlow flow, byte[] packet)
    {
        internal SentFlow Counts { get; private set; } = new(flow.Id, 0, 0, 0);

        internal void Send(long realtimeNs, bool isLate)
        {
            var sequence = (ulong)Counts.Sent;
            new ProbeHeader(flow.Id, sequence, realtimeNs, 0).Write(packet);
            var length = flow.IsSizeCoded ? ProbeSizeCode.PayloadSize(flow.Id, sequence) : packet.Length;
            var outcome = flow.Socket.Send(packet.AsSpan(0, length), flow.Destination);
            Counts = Counts with
            {
                Sent = Counts.Sent + 1,
                Refused = Counts.Refused + (outcome == SendOutcome.Sent ? 0 : 1),
                Late = Counts.Late + (isLate ? 1 : 0),
            };
        }
    }
}
