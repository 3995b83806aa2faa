using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class LinkPipelineTests
{
    private const long MillisecondNs = 1_000_000;
    private const int FrameBytes = 1250;

    [Test]
    public void TryDequeue_FixedDelay_ComesOutExactlyThen()
    {
        var link = Link(new() { Delay = TimeSpan.FromMilliseconds(20) });
        link.Enqueue(new byte[FrameBytes], 5 * MillisecondNs);
        Assert.That(link.NextDueNs, Is.EqualTo(25 * MillisecondNs));
        Assert.That(link.TryDequeue((25 * MillisecondNs) - 1, out _, out _), Is.False);
        Assert.That(link.TryDequeue(25 * MillisecondNs, out var frame, out var dueNs), Is.True);
        Assert.That((frame.Length, dueNs, link.NextDueNs), Is.EqualTo((FrameBytes, 25 * MillisecondNs, long.MaxValue)));
    }

    [Test]
    public void TryDequeue_AnyImpairmentsChangedAnyTime_KeepsOrderNeverEarlyAndCountsAll([Range(1, 40)] int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var link = Link(LinkImpairments.None, seed);
        var (now, entered, left, lastLeft) = (0L, 0, 0, -1);
        var earliest = new List<long>();
        var frame = new byte[64];
        for (var step = 0; step < 3000; step++)
        {
            now += random.Next(2_000_000);
            if (random.Next(50) == 0)
            {
                link.Impairments = Some(random);
            }

            BitConverter.TryWriteBytes(frame, entered++);
            var leastNs = link.Impairments.Delay.Ticks * 100;
            earliest.Add(now + leastNs);
            link.Enqueue(frame, now);
            while (link.TryDequeue(now, out var output, out var dueNs))
            {
                var number = BitConverter.ToInt32(output);
                Assert.That(number, Is.GreaterThan(lastLeft));
                Assert.That(dueNs, Is.GreaterThanOrEqualTo(earliest[number]).And.LessThanOrEqualTo(now));
                (lastLeft, left) = (number, left + 1);
            }
        }

        var counted = link.Counters;
        Assert.That(counted.Forwarded, Is.EqualTo(left));
        Assert.That(
            counted.Forwarded + counted.DroppedByDown + counted.DroppedByDrop + counted.DroppedByLoss + counted.DroppedByPattern
                + counted.DroppedByQueue + counted.DroppedByCoDel + counted.DroppedByMtu + counted.Inside,
            Is.EqualTo(entered));
    }

    [Test]
    public void Enqueue_JitterUniform_StaysWithinItAndUsesIt()
    {
        var link = Link(new() { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(4) });
        var added = new List<double>();
        for (var i = 0; i < 2000; i++)
        {
            // 20 ms apart, so that no packet waits for the one ahead.
            var entered = i * 20 * MillisecondNs;
            link.Enqueue(new byte[64], entered);
            Assert.That(link.TryDequeue(long.MaxValue - 1, out _, out var dueNs), Is.True);
            added.Add((dueNs - entered - (10 * MillisecondNs)) / (double)MillisecondNs);
        }

        Assert.That(added, Is.All.InRange(0, 4));
        Assert.That(added.Average(), Is.EqualTo(2).Within(0.1));
        Assert.That(added.Count(a => a < 1), Is.EqualTo(500).Within(80));
    }

    [Test]
    public void Enqueue_EqualSeeds_LoseTheSamePackets()
    {
        var once = Survivors(7, 0.3);
        var again = Survivors(7, 0.3);
        Assert.That(again, Is.EqualTo(once));
        Assert.That(once, Is.Not.EqualTo(Survivors(8, 0.3)));

        // The same number decides in each case, so what a higher share spares, a lower one spares too.
        Assert.That(once, Is.SubsetOf(Survivors(7, 0.1)));
    }

    [TestCase(0.01)]
    [TestCase(0.15)]
    [TestCase(0.5)]
    public void Enqueue_RandomLoss_StaysInTheBinomialInterval(double share)
    {
        const int Count = 100_000;
        for (var seed = 1; seed <= 5; seed++)
        {
            var link = Link(new() { Loss = new Ratio(share) }, seed);
            for (var i = 0; i < Count; i++)
            {
                link.Enqueue(new byte[64], i);
                link.TryDequeue(i, out _, out _);
            }

            var deviation = Math.Sqrt(Count * share * (1 - share));
            Assert.That(link.Counters.DroppedByLoss, Is.EqualTo(Count * share).Within(4 * deviation), $"seed {seed}");
        }
    }

    [TestCase(0, 1000)]
    [TestCase(1, 0)]
    public void Enqueue_LossOfNoneOrAll_IsExact(double share, int expected) => Assert.That(Survivors(3, share), Has.Count.EqualTo(expected));

    [Test]
    public void Drop_SetWhilePacketsAreInside_TheyComeOutAndNewOnesVanish()
    {
        var link = Link(new() { Delay = TimeSpan.FromMilliseconds(20) });
        link.Enqueue(new byte[64], 0);
        link.Impairments = link.Impairments with { Drop = true };
        Assert.That(link.Enqueue(new byte[64], MillisecondNs), Is.False);
        Assert.That(link.TryDequeue(100 * MillisecondNs, out _, out _), Is.True);
        Assert.That((link.Counters.Forwarded, link.Counters.DroppedByDrop, link.Counters.Inside), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void Down_SetWhilePacketsAreInside_LosesThem()
    {
        var link = Link(new() { Delay = TimeSpan.FromSeconds(60) });
        link.Enqueue(new byte[64], 0);
        link.Impairments = link.Impairments with { IsUp = false };
        link.Enqueue(new byte[64], MillisecondNs);
        Assert.That((link.Counters.DroppedByDown, link.Counters.Inside), Is.EqualTo((2, 0)));

        link.Impairments = LinkImpairments.None;
        link.Enqueue(new byte[64], 2 * MillisecondNs);
        Assert.That(link.NextDueNs, Is.EqualTo(2 * MillisecondNs), "nothing lost may hold up what comes after");
    }

    [Test]
    public void Delay_Shortened_WaitsForThoseInside()
    {
        var link = Link(new() { Delay = TimeSpan.FromMilliseconds(150) });
        link.Enqueue(new byte[64], 0);
        link.Impairments = link.Impairments with { Delay = TimeSpan.FromMilliseconds(20) };
        link.Enqueue(new byte[64], MillisecondNs);
        link.TryDequeue(150 * MillisecondNs, out _, out var first);
        link.TryDequeue(150 * MillisecondNs, out _, out var second);
        Assert.That((first, second), Is.EqualTo((150 * MillisecondNs, 150 * MillisecondNs)));
    }

    [Test]
    public void Enqueue_FullOrTooLong_CountsWhatTheEmulatorCouldNotHold()
    {
        var link = new LinkPipeline(new() { Delay = TimeSpan.FromSeconds(1) }, new SeededRandom(1), slots: 4, slotBytes: 100);
        for (var i = 0; i < 6; i++)
        {
            link.Enqueue(new byte[100], i);
        }

        link.Enqueue(new byte[101], 6);
        Assert.That((link.Counters.Inside, link.Counters.DroppedByCapacity), Is.EqualTo((4, 3)));
    }

    [Test]
    public void Pipeline_InUse_AllocatesNothing()
    {
        var link = Link(new()
        {
            Delay = TimeSpan.FromMilliseconds(3),
            Jitter = TimeSpan.FromMilliseconds(2),
            Loss = new Ratio(0.1),
            Rate = new DataRate(100_000_000),
        });
        var frame = new byte[FrameBytes];
        Pass(0, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(100, 10_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Pass(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                link.Enqueue(frame, i * MillisecondNs);
                while (link.TryDequeue(i * MillisecondNs, out _, out _))
                {
                }
            }
        }
    }

    private static LinkPipeline Link(LinkImpairments impairments, int seed = 1) => new(impairments, new SeededRandom((ulong)seed));

    private static List<int> Survivors(int seed, double share)
    {
        var link = Link(new() { Loss = new Ratio(share) }, seed);
        return [.. Enumerable.Range(0, 1000).Where(i => link.Enqueue(new byte[64], i))];
    }

    private static LinkImpairments Some(SeededRandom random) => new()
    {
        IsUp = random.Next(6) != 0,
        Drop = random.Next(6) == 0,
        Loss = new Ratio(random.NextDouble() * 0.5),
        Delay = TimeSpan.FromMilliseconds(random.Next(100)),
        Jitter = TimeSpan.FromMilliseconds(random.Next(50)),
        Rate = random.Next(2) == 0 ? null : new DataRate(100_000 + random.Next(10_000_000)),
        QueueLimit = TimeSpan.FromMilliseconds(random.Next(50)),
        QueueLimitPackets = random.Next(2) == 0 ? null : random.Next(20),
        Queue = (QueueDiscipline)random.Next(2),
        Mtu = random.Next(9) == 0 ? 40 : null,
        LossPattern = random.Next(3) == 0 ? new GilbertElliottLoss(new Ratio(0.05), new Ratio(0.3)) : null,
    };
}
