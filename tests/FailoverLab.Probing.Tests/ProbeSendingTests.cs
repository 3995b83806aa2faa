using FailoverLab.Dataplane;
using FailoverLab.Packets;
using FailoverLab.Testing;

namespace FailoverLab.Probing.Tests;

internal sealed class ProbeSendingTests
{
    private const long MillisecondNs = 1_000_000;

    [Test]
    public void SendNext_TwoFlows_KeepTheirGridsHalfAnIntervalApart()
    {
        var (clock, socket, sending) = Two(TimeSpan.FromMilliseconds(1));
        Run(clock, sending, untilNs: 10 * MillisecondNs);
        Assert.That(Times(socket, 1), Is.EqualTo(Enumerable.Range(0, 10).Select(i => i * MillisecondNs)));
        Assert.That(Times(socket, 2), Is.EqualTo(Enumerable.Range(0, 10).Select(i => (i * MillisecondNs) + (MillisecondNs / 2))));
        Assert.That(socket.Sent.Where(s => s.Header.FlowId == 2).Select(s => s.Header.Sequence), Is.EqualTo(Enumerable.Range(0, 10).Select(i => (ulong)i)));
        Assert.That(socket.Sent, Has.All.Matches<(long AtNs, ProbeHeader Header, int Length)>(
            s => s.Header.SentRealtimeNs == s.AtNs + clock.RealtimeOffsetNs && s.Length == 200));
    }

    [Test]
    public void SendNext_AfterAStall_SendsAtOnceAndGoesOnOnTheGrid()
    {
        var (clock, socket, sending) = Two(TimeSpan.FromMilliseconds(1));
        Run(clock, sending, untilNs: 5 * MillisecondNs);
        clock.Advance(TimeSpan.FromMilliseconds(20));
        Run(clock, sending, untilNs: 50 * MillisecondNs);
        var snapshot = sending.Snapshot();
        Assert.That(socket.Sent.Count(s => s.Header.FlowId == 1), Is.EqualTo(50), "nothing is left out");
        Assert.That(Times(socket, 1)[^1], Is.EqualTo(49 * MillisecondNs), "and nothing is shifted");
        Assert.That(snapshot.Flows[0].Late, Is.EqualTo(18).Within(1));
        Assert.That(snapshot.LatenessMaxNs, Is.GreaterThan(18 * MillisecondNs));
        Assert.That(snapshot.LatenessMedianNs, Is.Zero);
    }

    [Test]
    public void SendNext_KernelRefuses_NumberIsSpentAndCounted()
    {
        var (clock, socket, sending) = Two(TimeSpan.FromMilliseconds(1));
        socket.Outcome = now => now is >= 3 * MillisecondNs and < 6 * MillisecondNs ? SendOutcome.Unreachable : SendOutcome.Sent;
        Run(clock, sending, untilNs: 10 * MillisecondNs);
        Assert.That(sending.Snapshot().Flows[0], Is.EqualTo(new SentFlow(1, Sent: 10, Refused: 3, Late: 0)));
        Assert.That(socket.Sent[^1].Header.Sequence, Is.EqualTo(9));
    }

    [Test]
    public void SendNext_CodedFlow_SizesFollowTheCode()
    {
        var (clock, socket, sending) = Two(TimeSpan.FromMilliseconds(1), isSizeCoded: true);
        Run(clock, sending, untilNs: 200 * MillisecondNs);
        Assert.That(socket.Sent, Has.Count.EqualTo(400));
        Assert.That(socket.Sent, Has.All.Matches<(long AtNs, ProbeHeader Header, int Length)>(
            s => s.Length == ProbeSizeCode.PayloadSize(s.Header.FlowId, s.Header.Sequence)));
    }

    [Test]
    public void SendNext_CodedFlow_TailDoesNotCompress()
    {
        var (clock, socket, sending) = Two(TimeSpan.FromMilliseconds(1), isSizeCoded: true);
        Run(clock, sending, untilNs: 20 * MillisecondNs);
        Assert.That(socket.LastPayload[ProbeHeader.Size..].ToArray().Distinct().Count(), Is.GreaterThan(20));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void SendNext_InLoop_AllocatesNothing(bool isSizeCoded)
    {
        var (clock, _, sending) = Two(TimeSpan.FromMilliseconds(1), isSizeCoded);
        Run(clock, sending, untilNs: 10 * MillisecondNs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(clock, sending, untilNs: 10_000 * MillisecondNs);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Schedule_MixedIntervals_EveryFlowSendsItsShare()
    {
        var schedule = new SendSchedule(0, [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20), TimeSpan.FromMicroseconds(300)]);
        var sent = new int[3];
        var lastNs = long.MinValue;
        while (schedule.DueNs < 600 * MillisecondNs)
        {
            Assert.That(schedule.DueNs, Is.GreaterThanOrEqualTo(lastNs));
            lastNs = schedule.DueNs;
            sent[schedule.Flow]++;
            schedule.Advance();
        }

        Assert.That(sent, Is.EqualTo(new[] { 600, 30, 2000 }));
    }

    private static (VirtualClock Clock, RecordingSocket Socket, ProbeSending Sending) Two(TimeSpan interval, bool isSizeCoded = false)
    {
        var clock = new VirtualClock();
        var socket = new RecordingSocket(clock);
        var destination = DatagramAddress.FromIPv4(0xC6336401, 5001);
        ProbeFlow[] flows = [new(1, socket, destination, interval, 200, isSizeCoded), new(2, socket, destination, interval, 200, isSizeCoded)];
        return (clock, socket, new ProbeSending(flows, 0, clock));
    }

    private static void Run(VirtualClock clock, ProbeSending sending, long untilNs)
    {
        while (sending.DueNs < untilNs)
        {
            clock.WaitUntil(sending.DueNs);
            sending.SendNext();
        }
    }

    private static List<long> Times(RecordingSocket socket, uint flow) => [.. socket.Sent.Where(s => s.Header.FlowId == flow).Select(s => s.AtNs)];
}
