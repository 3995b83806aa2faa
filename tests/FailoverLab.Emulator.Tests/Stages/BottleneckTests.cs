using FailoverLab.Primitives;
using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

internal sealed class BottleneckTests
{
    private static readonly LinkImpairments Endless = new() { QueueLimit = TimeSpan.MaxValue };

    [TestCase(7_000_000, 1500)]
    [TestCase(999_983, 64)]
    [TestCase(3, 1500)]
    public void Enqueue_BackToBack_RateIsExactToTheNanosecond(long bitsPerSecond, int bytes)
    {
        const int Count = 1000;
        var fates = Fates(Endless with { Rate = new DataRate(bitsPerSecond) }, Count, apartNs: 0, bytes);
        for (var i = 0; i < Count; i++)
        {
            Assert.That(fates[i].DueNs, Is.EqualTo((long)((Int128)(i + 1) * bytes * 8 * SecondNs / bitsPerSecond)));
        }
    }

    [Test]
    public void Enqueue_TenSecondsOfOverload_BytesOutAreWithinOnePacketOfTheRateAtAnyTime()
    {
        const int Bytes = 1250;
        var fates = Fates(new() { Rate = new DataRate(20_000_000) }, 25_000, apartNs: 400_000, Bytes);
        var passed = fates.Where(f => f.End == PacketEnd.Passed).ToList();
        Assert.That(passed[^1].DueNs, Is.GreaterThan(10 * SecondNs));
        for (var i = 0; i < passed.Count; i++)
        {
            var ideal = passed[i].DueNs * 20_000_000.0 / 8 / SecondNs;
            Assert.That((i + 1.0) * Bytes, Is.EqualTo(ideal).Within(Bytes));
        }
    }

    [Test]
    public void Enqueue_SlowerThanRate_OnlySerializationIsAdded() =>
        Assert.That(
            Fates(new() { Rate = new DataRate(10_000_000), QueueLimit = TimeSpan.Zero }, 100, SecondNs, 1250).Select(f => f.DueNs - f.ArrivalNs),
            Is.All.EqualTo(MillisecondNs));

    [Test]
    public void Enqueue_QueueOfTime_RefusesWhatWouldWaitLonger()
    {
        // 1 ms per frame and 5 ms of queue: the first leaves at 1 ms, the sixth waits exactly 5 ms, the seventh would wait 6.
        var fates = Fates(new() { Rate = new DataRate(10_000_000), QueueLimit = TimeSpan.FromMilliseconds(5) }, 20, apartNs: 0, bytes: 1250);
        Assert.That(fates.Count(f => f.End == PacketEnd.Passed), Is.EqualTo(6));
        Assert.That(fates.Count(f => f.End == PacketEnd.Queue), Is.EqualTo(14));
    }

    [Test]
    public void Enqueue_QueueOfPackets_OneIsSentAndSoManyWait()
    {
        var fates = Fates(Endless with { Rate = new DataRate(10_000_000), QueueLimitPackets = 7 }, 20, apartNs: 0, bytes: 1250);
        Assert.That(fates.Count(f => f.End == PacketEnd.Passed), Is.EqualTo(8));
    }

    [Test]
    public void Enqueue_QueueOfBytes_OneIsSentAndSoManyBytesWait()
    {
        var fates = Fates(Endless with { Rate = new DataRate(10_000_000), QueueLimitBytes = 3 * 1250 }, 20, apartNs: 0, bytes: 1250);
        Assert.That(fates.Count(f => f.End == PacketEnd.Passed), Is.EqualTo(4));
    }

    [Test]
    public void Enqueue_AskedEarlyOrLate_QueueDropsTheSame([Values(1ul, 2ul, 3ul)] ulong seed)
    {
        // Frames read from the kernel in portions, after the link has moved on, must meet the queue they met when they arrived.
        var link = new LinkImpairments { Rate = new DataRate(7_000_000), QueueLimit = TimeSpan.MaxValue, QueueLimitPackets = 4, QueueLimitBytes = 4000 };
        var (eager, lazy) = (Link(link), Link(link));
        (eager.Fates, lazy.Fates) = (new FateRing(5000), new FateRing(5000));
        var random = new SeededRandom(seed);
        var nowNs = 0L;
        for (var i = 0; i < 2000; i++)
        {
            nowNs += random.Next(1_500_000);
            var frame = new byte[64 + random.Next(1400)];
            eager.Enqueue(frame, nowNs);
            Drain(eager, nowNs + random.Next(3_000_000));
            lazy.Enqueue(frame, nowNs);
        }

        Drain(eager, long.MaxValue - 1);
        Drain(lazy, long.MaxValue - 1);
        var expected = Take(lazy.Fates).OrderBy(f => f.Index).ToList();
        Assert.That(expected.Count(f => f.End == PacketEnd.Queue), Is.GreaterThan(100));
        Assert.That(Take(eager.Fates).OrderBy(f => f.Index), Is.EqualTo(expected));
    }

    [Test]
    public void Rate_Lifted_ThoseWaitingLeaveAtOnceAndInOrder()
    {
        var link = Link(Endless with { Rate = new DataRate(10_000) });
        link.Fates = new FateRing(10);
        for (var i = 0; i < 3; i++)
        {
            link.Enqueue(new byte[1250], i);
        }

        // The first is being sent for a second and goes on; the others need not wait for their turns at the old rate.
        link.Change(10, now => now with { Rate = null });
        link.Enqueue(new byte[1250], 20);
        Drain(link, long.MaxValue - 1);
        Assert.That(Take(link.Fates).Select(f => (f.Index, f.DueNs)), Is.EqualTo(Enumerable.Range(0, 4).Select(i => ((long)i, SecondNs))));
    }

    [Test]
    public void Rate_Halved_HoldsForThoseWaiting()
    {
        var link = Link(Endless with { Rate = new DataRate(10_000_000) });
        link.Fates = new FateRing(10);
        for (var i = 0; i < 3; i++)
        {
            link.Enqueue(new byte[1250], 0);
        }

        link.Change(MillisecondNs / 2, now => now with { Rate = new DataRate(5_000_000) });
        Drain(link, SecondNs);
        Assert.That(Take(link.Fates).Select(f => f.DueNs / MillisecondNs), Is.EqualTo(new long[] { 1, 3, 5 }));
    }

    [Test]
    public void RateOverheadBytes_Set_CountForEveryFrame()
    {
        var fates = Fates(Endless with { Rate = new DataRate(8_000), RateOverheadBytes = 24 }, 2, apartNs: 0, bytes: 76);
        Assert.That(fates.Select(f => f.DueNs), Is.EqualTo(new[] { 100 * MillisecondNs, 200 * MillisecondNs }));
    }
}
