using FailoverLab.Primitives;
using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

internal sealed class PlannedChangeTests
{
    [Test]
    public void ChangeAt_Instant_HoldsForPacketsOfThatInstantAndLaterHoweverLateTheyAreRead()
    {
        var link = Link(LinkImpairments.None);
        link.Fates = new FateRing(100);
        link.ChangeAt(10 * MillisecondNs, now => now with { Drop = true });
        link.ChangeAt(20 * MillisecondNs, now => now with { Drop = false });
        Assert.That(link.NextChangeNs, Is.EqualTo(10 * MillisecondNs));
        for (var i = 0; i < 30; i++)
        {
            link.Enqueue(new byte[64], i * MillisecondNs);
        }

        Assert.That(Take(link.Fates).Where(f => f.End == PacketEnd.Drop).Select(f => f.Index), Is.EqualTo(Enumerable.Range(10, 10)));
        Assert.That(link.NextChangeNs, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void ChangeAt_OneValue_OthersKeepWhatTheyAreThen()
    {
        var link = Link(new() { Delay = TimeSpan.FromMilliseconds(1) });
        link.ChangeAt(10, now => now with { Loss = new Ratio(0.5) });
        link.Impairments = link.Impairments with { Delay = TimeSpan.FromMilliseconds(7) };
        link.Enqueue(new byte[64], 11);
        Assert.That(link.Impairments, Is.EqualTo(new LinkImpairments { Delay = TimeSpan.FromMilliseconds(7), Loss = new Ratio(0.5) }));
    }

    private static IEnumerable<TestCaseData> ByWallTime()
    {
        yield return new TestCaseData(new LinkImpairments
        {
            KeepsOrder = false,
            Slots = new()
            {
                Seed = 5,
                Length = TimeSpan.FromSeconds(1),
                LevelHigh = TimeSpan.FromMilliseconds(30),
                StartSpike = TimeSpan.FromMilliseconds(50),
                StartSpikeFor = TimeSpan.FromMilliseconds(200),
                HandoverLossShare = new(0.5),
                HandoverLoss = new(0.3),
                HandoverLossFor = TimeSpan.FromMilliseconds(40),
                ObstructionShare = new(0.3),
                ObstructionFor = TimeSpan.FromMilliseconds(300),
            },
        }).SetArgDisplayNames("slots");
        yield return new TestCaseData(new LinkImpairments { Deliveries = new DeliveryTrace([.. Enumerable.Range(0, 200).Select(i => i * i * 20_000L)], SecondNs, StartRealtimeNs: -37 * MillisecondNs) }).SetArgDisplayNames("deliveries");
        yield return new TestCaseData(new LinkImpairments
        {
            KeepsOrder = false,
            Conditions = new ConditionTrace([.. Enumerable.Range(0, 100).Select(i => new ConditionRow { AtNs = i * 10 * MillisecondNs, Delay = TimeSpan.FromMilliseconds(i % 17), Loss = new(i % 3 * 0.2) })], SecondNs, StartRealtimeNs: -37 * MillisecondNs),
        }).SetArgDisplayNames("conditions");
    }

    /// <summary>Put on a link that runs already, full of packets, it is where it would be had it been there from the start.</summary>
    [TestCaseSource(nameof(ByWallTime))]
    public void ChangeAt_WhatGoesByWallTime_IsWhereItWouldHaveBeen(LinkImpairments impairments)
    {
        var always = Fates(impairments, 9000, before: null);
        var put = Fates(new() { Delay = TimeSpan.FromMilliseconds(5) }, 9000, before: (link, i) =>
        {
            if (i == 0)
            {
                link.ChangeAt((3 * SecondNs) + 123_456, _ => impairments);
            }
        });

        // A second later nothing of what it was before is inside.
        Assert.That(Later(put), Is.EqualTo(Later(always)).And.Count.EqualTo(5000));
        static List<(long, PacketEnd, long)> Later(IEnumerable<PacketFate> fates) => [.. fates.Where(f => f.Index >= 4000).OrderBy(f => f.Index).Select(f => (f.Index, f.End, f.DueNs))];
    }

    [Test]
    public void ChangeAt_OneInstantTwice_InTheOrderMade()
    {
        var link = Link(LinkImpairments.None);
        link.ChangeAt(5, now => now with { Delay = TimeSpan.FromMilliseconds(1) });
        link.ChangeAt(5, now => now with { Delay = now.Delay * 3 });
        link.TryDequeue(5, out _, out _);
        Assert.That(link.Impairments.Delay, Is.EqualTo(TimeSpan.FromMilliseconds(3)));
    }

    [Test]
    public void ChangeAt_Down_WhatIsDueBeforeComesOutAndTheRestIsLost()
    {
        // 10 ms of delay and a packet a millisecond: at 20 ms those of 0..10 are out.
        foreach (var isLazy in (bool[])[false, true])
        {
            var link = Link(new() { Delay = TimeSpan.FromMilliseconds(10) });
            link.ChangeAt(20 * MillisecondNs, now => now with { IsUp = false });
            link.ChangeAt(25 * MillisecondNs, now => now with { IsUp = true });
            for (var i = 0; i < 40; i++)
            {
                link.Enqueue(new byte[64], i * MillisecondNs);
                Drain(link, isLazy ? 0 : i * MillisecondNs);
            }

            Drain(link, SecondNs);
            Assert.That((link.Counters.Forwarded, link.Counters.DroppedByDown), Is.EqualTo((11 + 15, 14)), isLazy ? "lazy" : "eager");
        }
    }

    [Test]
    public void ChangeAt_RateWhilePacketsWait_HoldsFromThere()
    {
        var link = Link(new() { Rate = new DataRate(10_000_000), QueueLimit = TimeSpan.MaxValue });
        link.Fates = new FateRing(10);
        link.ChangeAt((2 * MillisecondNs) + 1, now => now with { Rate = new DataRate(1_000_000) });
        for (var i = 0; i < 5; i++)
        {
            link.Enqueue(new byte[1250], 0);
        }

        Drain(link, SecondNs);
        Assert.That(Take(link.Fates).Select(f => f.DueNs / MillisecondNs), Is.EqualTo(new long[] { 1, 2, 3, 13, 23 }), "the third began at 2 ms");
    }

    [Test]
    public void ChangeAt_TwoLinks_SwitchAtTheSameInstantOfThePackets()
    {
        var links = new[] { Link(LinkImpairments.None, 1), Link(LinkImpairments.None, 2) };
        foreach (var link in links)
        {
            link.Fates = new FateRing(1000);
            link.ChangeAt(500_123, now => now with { Drop = true });
        }

        for (var i = 0; i < 1000; i++)
        {
            links[i % 2].Enqueue(new byte[64], i * 1000);
        }

        var lost = links.SelectMany(l => Take(l.Fates!)).Where(f => f.End == PacketEnd.Drop).Select(f => f.ArrivalNs).Order().ToList();
        Assert.That((lost[0], lost.Count), Is.EqualTo((501_000, 499)));
    }
}
