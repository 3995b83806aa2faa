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
}
