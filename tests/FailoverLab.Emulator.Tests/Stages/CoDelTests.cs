using FailoverLab.Primitives;
using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

/// <summary>Properties that follow from the pseudo-code of RFC 8289, section 5.</summary>
internal sealed class CoDelTests
{
    private const long TargetNs = 5 * MillisecondNs;
    private const long IntervalNs = 100 * MillisecondNs;

    // 1 ms a packet.
    private static readonly LinkImpairments Base = new()
    {
        Rate = new DataRate(10_000_000),
        QueueLimit = TimeSpan.MaxValue,
        QueueLimitPackets = 1000,
        Queue = QueueDiscipline.CoDel,
    };

    [Test]
    public void Takes_WaitBelowTarget_DropsNothing()
    {
        // Bursts of five, each gone before the next: 4 ms at most.
        var link = Link(Base);
        for (var burst = 0; burst < 500; burst++)
        {
            for (var i = 0; i < 5; i++)
            {
                link.Enqueue(new byte[1250], burst * 10 * MillisecondNs);
            }
        }

        Drain(link, long.MaxValue - 1);
        Assert.That((link.Counters.Forwarded, link.Counters.DroppedByCoDel), Is.EqualTo((2500, 0)));
    }

    [Test]
    public void Takes_ShortBurstAboveTarget_IsSpared()
    {
        // 90 packets at once: above the target for less than an interval.
        var fates = Fates(Base, 90, apartNs: 0, bytes: 1250);
        Assert.That(fates.Select(f => f.End), Is.All.EqualTo(PacketEnd.Passed));
    }

    [Test]
    public void Takes_StandingQueue_FirstDropOneIntervalAfterTheTargetThenFasterBySquareRoots()
    {
        // Always long above: the n-th drop comes interval / sqrt(n) after the one before it (control law), give or take a packet's time.
        var codel = new CoDel();
        var drops = new List<long>();
        for (var ms = 0; ms < 2000; ms++)
        {
            while (codel.Takes(ms * MillisecondNs, 50 * MillisecondNs, 1250, 100_000, TargetNs, IntervalNs))
            {
                drops.Add(ms);
            }
        }

        Assert.That(drops[0], Is.EqualTo(100));
        var next = 100.0;
        for (var n = 1; n < drops.Count; n++)
        {
            next += 100 / Math.Sqrt(n);
            Assert.That(drops[n], Is.EqualTo(next).Within(1.01), $"drop {n}");
        }

        Assert.That(drops, Has.Count.InRange(100, 110), "sum of 100 / sqrt(n) reaches 1900 after 95 or so, and drops catch up");
    }

    [Test]
    public void Takes_DroppingAgainSoon_TakesUpTheOldRate()
    {
        var codel = new CoDel();
        for (var ms = 0; ms < 1000; ms++)
        {
            codel.Takes(ms * MillisecondNs, 50 * MillisecondNs, 1250, 100_000, TargetNs, IntervalNs);
        }

        codel.Takes(1000 * MillisecondNs, 0, 1250, 100_000, TargetNs, IntervalNs);
        var drops = Enumerable.Range(1001, 400).Where(ms => codel.Takes(ms * MillisecondNs, 50 * MillisecondNs, 1250, 100_000, TargetNs, IntervalNs)).ToList();
        Assert.That(drops[0], Is.EqualTo(1101));
        Assert.That(drops[1] - drops[0], Is.LessThan(50), "not a whole interval as at first");
    }

    [Test]
    public void Takes_OnePacketBehind_IsSparedHoweverLongItWaited()
    {
        var codel = new CoDel();
        var dropped = Enumerable.Range(0, 1000).Count(ms => codel.Takes(ms * MillisecondNs, 500 * MillisecondNs, 1250, 1250, TargetNs, IntervalNs));
        Assert.That(dropped, Is.Zero);
    }

    [Test]
    public void Takes_SteadyOverloadOfTenPercent_WaitComesDownAndStays()
    {
        var codel = Fates(Base, 40_000, apartNs: 909_091, bytes: 1250).Where(f => f.End == PacketEnd.Passed).ToList();
        var tail = Fates(Base with { Queue = QueueDiscipline.TailDrop }, 40_000, apartNs: 909_091, bytes: 1250).Where(f => f.End == PacketEnd.Passed).ToList();
        var late = codel.Skip(codel.Count / 2).Select(f => f.DueNs - f.ArrivalNs).Order().ToList();
        TestContext.Out.WriteLine($"median wait {late[late.Count / 2] / 1e6} ms with CoDel");
        Assert.That(late[late.Count / 2], Is.LessThan(60 * MillisecondNs));
        Assert.That(tail[^1].DueNs - tail[^1].ArrivalNs, Is.GreaterThan(900 * MillisecondNs));
    }
}
