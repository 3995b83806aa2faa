using FailoverLab.Primitives;
using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

/// <summary>The fate of a packet is a function of seed, link, direction, its number and the values in force.</summary>
internal sealed class PipelineFateTests
{
    // Everything at once.
    private static readonly LinkImpairments All = new()
    {
        Loss = new Ratio(0.05),
        LossPattern = new GilbertElliottLoss(new Ratio(0.01), new Ratio(0.3)),
        Duplicate = new Ratio(0.02),
        Corrupt = new Ratio(0.02),
        Delay = TimeSpan.FromMilliseconds(20),
        Jitter = TimeSpan.FromMilliseconds(5),
        JitterModel = new NormalJitter(),
        KeepsOrder = false,
        Reorder = new Ratio(0.02),
        Rate = new DataRate(1_000_000),
        QueueLimitPackets = 20,
        Queue = QueueDiscipline.CoDel,
        Slots = new SlotSchedule { LevelHigh = TimeSpan.FromMilliseconds(9), HandoverLoss = new Ratio(0.5), HandoverLossFor = TimeSpan.FromSeconds(1) },
    };

    [Test]
    public void Enqueue_SameSeed_LogsAreIdenticalToTheBit()
    {
        var once = Fates(All, 20_000, bytes: 160, seed: 9);
        Assert.That(once.Select(f => f.End).Distinct().ToList(), Has.Count.GreaterThanOrEqualTo(5));
        Assert.That(Fates(All, 20_000, bytes: 160, seed: 9), Is.EqualTo(once));
        Assert.That(Fates(All, 20_000, bytes: 160, seed: 10), Is.Not.EqualTo(once));
    }

    [Test]
    public void Enqueue_AskedAtAnyTimes_FatesAreTheSame([Values(1ul, 2ul, 3ul, 4ul)] ulong seed)
    {
        var expected = Fates(All, 3000, bytes: 160).OrderBy(f => f.Index);
        var link = Link(All);
        link.Fates = new FateRing(10_000);
        var random = new SeededRandom(seed);
        for (var i = 0; i < 3000; i++)
        {
            link.Enqueue(new byte[160], i * MillisecondNs);
            if (random.Next(4) == 0)
            {
                Drain(link, (i * MillisecondNs) + random.Next(1_000_000));
            }
        }

        Drain(link, long.MaxValue - 1);
        Assert.That(Take(link.Fates).OrderBy(f => f.Index), Is.EqualTo(expected));
    }

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("duplicate", l => l with { Duplicate = new Ratio(0.5) });
        yield return Case("corrupt", l => l with { Corrupt = new Ratio(0.5) });
        yield return Case("jitter", l => l with { Jitter = TimeSpan.FromMilliseconds(50), JitterModel = new ParetoJitter() });
        yield return Case("delay", l => l with { Delay = TimeSpan.FromMilliseconds(500) });
        yield return Case("reorder", l => l with { Reorder = new Ratio(0.5), ReorderGap = 3 });
        yield return Case("rate", l => l with { Rate = null });
        yield return Case("slots", l => l with { Slots = null });
    }

    [TestCaseSource(nameof(Changes))]
    public void Enqueue_OtherImpairmentChanged_SamePacketsAreLost(Func<LinkImpairments, LinkImpairments> change)
    {
        Assert.That(LossesOf(Fates(change(All), 4000)), Is.EqualTo(LossesOf(Fates(All, 4000))).And.Count.GreaterThan(100));

        // Those of chance come before slots and queue, so both must be the same with any of them.
        static List<(long, PacketEnd)> LossesOf(IEnumerable<PacketFate> fates) =>
            [.. fates.Where(f => f.End is PacketEnd.Loss or PacketEnd.Pattern).Select(f => (f.Index, f.End))];
    }

    [Test]
    public void Enqueue_LossRaisedForAWhile_DelaysBeforeAndAfterAreUntouched()
    {
        var link = new LinkImpairments { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(5), KeepsOrder = false };
        var plain = Fates(link, 3000);
        var changed = Fates(link, 3000, before: (l, i) => l.Impairments = l.Impairments with { Loss = new Ratio(i is >= 1000 and < 2000 ? 0.5 : 0) });
        foreach (var fate in changed.Where(f => f.End == PacketEnd.Passed))
        {
            Assert.That(fate.DueNs, Is.EqualTo(plain[(int)fate.Index].DueNs));
        }

        Assert.That(changed.Count(f => f.End == PacketEnd.Loss), Is.InRange(400, 600));
    }

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return Kind("everything", All);
        yield return Kind("deliveries", All with { Rate = null, Deliveries = new DeliveryTrace([.. Enumerable.Range(0, 500).Select(i => i * 2 * MillisecondNs)], SecondNs) });
        yield return Kind("conditions", All with { Conditions = new ConditionTrace([.. Enumerable.Range(0, 500).Select(i => Row(i))], SecondNs) });
        yield return Kind("states", All with { LossPattern = new StateTableLoss(new(0.05), new(0.2), new(0.1), new(0.4), new(0.01)) });
        yield return Kind("bursts", All with { LossPattern = new BurstLoss(new(0.02), 7) });
        yield return Kind("every fifth", All with { LossPattern = new EveryNthLoss(5) });
        yield return Kind("Pareto", All with { JitterModel = new ParetoJitter(3) });
        yield return Kind("table", All with { JitterModel = new TableJitter([0, 1, 3, 9]) });
        yield return Kind("order", All with { KeepsOrder = true, Queue = QueueDiscipline.TailDrop, QueueLimitBytes = 9000 });

        static TestCaseData Kind(string name, LinkImpairments link) => new TestCaseData(link).SetArgDisplayNames(name);
        static ConditionRow Row(int i) => new()
        {
            AtNs = i * 2 * MillisecondNs,
            Delay = TimeSpan.FromMilliseconds(i % 40),
            Jitter = TimeSpan.FromMilliseconds(i % 3),
            Loss = new(i % 2 * 0.1),
            Rate = new(1_000_000 + i),
        };
    }

    [TestCaseSource(nameof(Kinds))]
    public void Enqueue_AnyImpairment_AllocatesNothing(LinkImpairments impairments)
    {
        var link = Link(impairments);
        link.Fates = new FateRing(100_000);
        var frame = new byte[300];
        Pass(0, 2000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(2000, 30_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Pass(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                link.Enqueue(frame, i * MillisecondNs);
                Drain(link, i * MillisecondNs);
            }
        }
    }

    private static TestCaseData Case(string name, Func<LinkImpairments, LinkImpairments> change) => new TestCaseData(change).SetArgDisplayNames(name);
}
