using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class TransitQueueTests
{
    [Test]
    public void Take_AnyDueTimes_ComesInOrderOfTimeThenOfEntry([Values(1ul, 2ul, 3ul)] ulong seed)
    {
        var random = new SeededRandom(seed);
        var queue = new TransitQueue();
        var expected = new List<(long DueNs, long Index)>();
        for (var i = 0; i < 20_000; i++)
        {
            if (random.Next(5) < 3)
            {
                var entry = new PacketEntry { DueNs = i + random.Next(300), Index = i };
                queue.Add(ref entry);
                expected.Add((entry.DueNs, i));
            }
            else if (expected.Count > 0)
            {
                var least = expected.Min();
                Assert.That(queue.NextDueNs, Is.EqualTo(least.DueNs));
                Assert.That(queue.Take().Index, Is.EqualTo(least.Index));
                expected.Remove(least);
            }

            if (expected.Count > 500)
            {
                while (queue.TryTakeAfter(i, out var lost))
                {
                    Assert.That(expected.Remove((lost.DueNs, lost.Index)) && lost.DueNs > i, Is.True);
                }

                Assert.That(expected.All(e => e.DueNs <= i), Is.True);
            }

            Assert.That(queue.Count, Is.EqualTo(expected.Count));
        }
    }

    /// <summary>A link of 1 Gbit/s and 150 ms holds 12,500 packets: to touch each whenever the machine is late would make it late again.</summary>
    [Test]
    public void Postpone_BusyLine_MovesAllAsOneAndTouchesNone()
    {
        var queue = new TransitQueue();
        for (var i = 0; i < 12_500; i++)
        {
            var entry = new PacketEntry { DueNs = i * 12_000L, LineNs = i == 0 ? 0 : 12_000, Index = i };
            queue.Add(ref entry);
        }

        for (var i = 0; i < 100; i++)
        {
            Assert.That(queue.Postpone(1_000, out _), Is.True);
            Assert.That(queue.Take().DueNs, Is.EqualTo((i * 12_000L) + ((i + 1) * 1_000)));
        }

        var late = new PacketEntry { DueNs = (12_500 * 12_000L) + 100_000, LineNs = 12_000, Index = 12_500 };
        queue.Add(ref late);
        var due = Enumerable.Range(0, queue.Count).Select(_ => queue.Take().DueNs).ToList();
        Assert.That(due, Is.EqualTo(Enumerable.Range(100, 12_401).Select(i => (i * 12_000L) + 100_000)));
        Assert.That(queue.Moved, Is.Zero);
    }

    /// <summary>Against the rule written out: the line moves until the first that did not have to wait, which keeps its time if order allows.</summary>
    [Test]
    public void Postpone_AnyLine_IsAsTheRuleSays([Values(1ul, 2ul, 3ul)] ulong seed)
    {
        var random = new SeededRandom(seed);
        var queue = new TransitQueue();
        var expected = new List<PacketEntry>();
        var lastNs = 0L;
        for (var i = 0; i < 5_000; i++)
        {
            switch (random.Next(expected.Count > 200 ? 3 : 5))
            {
                case 0 when expected.Count > 0:
                    var ns = 1L + random.Next(50);
                    var isBusy = queue.Postpone(ns, out var pushedToNs);
                    Assert.That(isBusy, Is.EqualTo(Move(expected, ns)));
                    lastNs = isBusy ? lastNs + ns : Math.Max(lastNs, pushedToNs);
                    break;
                case 1 or 2 when expected.Count > 0:
                    Assert.That(queue.NextDueNs, Is.EqualTo(expected[0].DueNs));
                    Assert.That(queue.Take().Index, Is.EqualTo(expected[0].Index));
                    expected.RemoveAt(0);
                    break;
                default:
                    var waits = random.Next(20) > 0;
                    lastNs += waits ? 10 : 10 + random.Next(100);
                    var entry = new PacketEntry { DueNs = lastNs, LineNs = waits ? 10 : 0, Index = i };
                    queue.Add(ref entry);
                    expected.Add(entry);
                    break;
            }
        }

        Assert.That(queue.Moved, Is.GreaterThan(0), "lines with breaks were met too");
    }

    private static bool Move(List<PacketEntry> line, long ns)
    {
        var isBusy = true;
        for (var i = 0; i < line.Count; i++)
        {
            var entry = line[i];
            isBusy &= i == 0 || entry.LineNs > 0;
            entry.DueNs = isBusy ? entry.DueNs + ns : Math.Max(entry.DueNs, line[i - 1].DueNs);
            line[i] = entry;
        }

        return isBusy;
    }
}
