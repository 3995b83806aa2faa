using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

public sealed class ReplayRingTests
{
    private const long Window = 1000;

    [Test]
    public void TryGet_Acknowledged_OnlyTheRest()
    {
        var ring = new ReplayRing(10_000, Window);
        for (var n = 1UL; n <= 10; n++)
        {
            ring.Add(n, [(byte)n], 0);
        }

        // 8 came, and of those before it all but 6 and 3.
        ring.Acknowledge(new DataAck(8, ~((1UL << 1) | (1UL << 4))));

        Assert.That(Unacknowledged(ring, 0), Is.EqualTo((ulong[])[3, 6, 9, 10]));
        Assert.That(Unacknowledged(ring, Window + 1), Is.Empty, "too old");
    }

    [Test]
    public void Acknowledge_OlderWord_ChangesNothing()
    {
        var ring = new ReplayRing(10_000, Window);
        ring.Add(1, [1], 0);
        ring.Add(2, [2], 0);
        ring.Acknowledge(new DataAck(2, ulong.MaxValue));
        ring.Acknowledge(new DataAck(1, 0));
        Assert.That(Unacknowledged(ring, 0), Is.Empty);
    }

    [TestCase(1UL)]
    [TestCase(2UL)]
    public void Add_MoreThanItHolds_TheNewestAreKeptWhole(ulong seed)
    {
        var random = new SeededRandom(seed);
        var ring = new ReplayRing(5000, Window);
        for (var n = 1UL; n <= 5000; n++)
        {
            var packet = new byte[1 + random.Next(1400)];
            Array.Fill(packet, (byte)n);
            ring.Add(n, packet, (long)n / 100);
            for (var place = ring.Oldest; place < ring.End; place++)
            {
                if (ring.TryGet(place, (long)n / 100, out var number, out var kept))
                {
                    Assert.That(kept.ToArray(), Is.All.EqualTo((byte)number), $"seed {seed}");
                }
            }

            Assert.That(ring.TryGet(ring.End - 1, (long)n / 100, out var newest, out _) && newest == n, $"seed {seed}: {n}");
        }
    }

    private static List<ulong> Unacknowledged(ReplayRing ring, long nowNs)
    {
        var numbers = new List<ulong>();
        for (var place = ring.Oldest; place < ring.End; place++)
        {
            if (ring.TryGet(place, nowNs, out var number, out _))
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }
}
