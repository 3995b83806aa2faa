using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

internal sealed class DeliveryClockTests
{
    private static readonly LinkImpairments Base = new() { QueueLimit = TimeSpan.MaxValue };

    [Test]
    public void Carry_PacketsOfAnOpportunity_LeaveOneEach()
    {
        var fates = Fates(Base with { Deliveries = Trace(10, 2, 3, 3, 10) }, 6, apartNs: 0, bytes: 1504);
        Assert.That(Milliseconds(fates), Is.EqualTo(new long[] { 2, 3, 3, 10, 12, 13 }));
    }

    [Test]
    public void Carry_ShortPackets_ShareAnOpportunity()
    {
        var fates = Fates(Base with { Deliveries = Trace(10, 2, 6) }, 6, apartNs: 0, bytes: 500);
        Assert.That(Milliseconds(fates), Is.EqualTo(new long[] { 2, 2, 2, 6, 6, 6 }));
    }

    [Test]
    public void Carry_LongPacket_TakesSeveral()
    {
        var fates = Fates(Base with { Deliveries = Trace(10, 2, 6, 9) }, 2, apartNs: 0, bytes: 2000);
        Assert.That(Milliseconds(fates), Is.EqualTo(new long[] { 6, 9 }), "the second has 1008 bytes left of 6 ms and goes on at 9");
    }

    [Test]
    public void Carry_NothingWaiting_OpportunityIsWasted()
    {
        // Packets every 100 ms; what was left of the opportunities before does not help.
        var fates = Fates(Base with { Deliveries = Trace(10, 4, 10) }, 4, apartNs: 101 * MillisecondNs, bytes: 100);
        Assert.That(Milliseconds(fates), Is.EqualTo(new long[] { 4, 104, 204, 304 }));
    }

    [Test]
    public void Carry_ArrivalAtTheEndOfARound_TakesTheOpportunityThere()
    {
        var fates = Fates(Base with { Deliveries = Trace(10, 4, 10) }, 2, apartNs: 10 * MillisecondNs, bytes: 100);
        Assert.That(Milliseconds(fates), Is.EqualTo(new long[] { 4, 10 }));
    }

    [Test]
    public void Carry_StartByTheWallClock_IsThePhase()
    {
        var link = Link(Base with { Deliveries = Trace(10, 4) with { StartRealtimeNs = 1_000_000 * SecondNs } });
        link.Enqueue(new byte[100], 7 * SecondNs, (1_000_000 * SecondNs) + (33 * MillisecondNs));
        link.TryDequeue(8 * SecondNs, out _, out var dueNs);
        Assert.That(dueNs, Is.EqualTo((7 * SecondNs) + (1 * MillisecondNs)), "33 ms into it; the next is at 34");
    }

    private static IEnumerable<long> Milliseconds(IEnumerable<PacketFate> fates) => fates.Select(f => f.DueNs / MillisecondNs);

    private static DeliveryTrace Trace(int periodMs, params int[] atMs) => new([.. atMs.Select(ms => ms * MillisecondNs)], periodMs * MillisecondNs);
}
