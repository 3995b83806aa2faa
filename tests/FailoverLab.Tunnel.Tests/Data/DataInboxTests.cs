using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

public sealed class DataInboxTests
{
    private const ulong Session = 0xABCDEF;
    private static readonly ulong Size = (ulong)new CounterWindow().Size;

    [TestCase(1UL)]
    [TestCase(2UL)]
    [TestCase(3UL)]
    public void TryTake_RandomNumbers_AsANaiveSetSays(ulong seed)
    {
        var random = new SeededRandom(seed);
        var inbox = new DataInbox();
        inbox.Begin(Session);
        var taken = new HashSet<ulong>();
        var run = DataNumber.RunOf(Session);
        var highest = 0UL;
        for (var i = 0; i < 200_000; i++)
        {
            var jump = random.Next(200) switch { 0 => 20_000, 1 => 16_320, 2 => 16_319, 3 => 64, _ => random.Next(6) };
            var number = Math.Max(1, random.Next(2) == 0 ? highest + (ulong)jump : highest - Math.Min(highest, (ulong)random.Next(17_000)));
            var expected = number + Size > highest && !taken.Contains(number);

            Assert.That(inbox.TryTake(run + number), Is.EqualTo(expected), $"seed {seed}, step {i}: {number} after {highest}");

            if (expected)
            {
                taken.Add(number);
                highest = Math.Max(highest, number);
            }

            if (i % 1000 == 0)
            {
                AssertAck(inbox.Ack, run, highest, taken);
            }
        }
    }

    [Test]
    public void TryTake_CopyOfTheRunBefore_IsStillKnown()
    {
        var inbox = new DataInbox();
        inbox.Begin(1);
        Assert.That(inbox.TryTake(DataNumber.RunOf(1) + 5));
        inbox.Begin(2);
        Assert.That(inbox.TryTake(DataNumber.RunOf(1) + 5), Is.False, "a copy");
        Assert.That(inbox.TryTake(DataNumber.RunOf(1) + 6), "one that was late");
        inbox.Begin(1);
        Assert.That(inbox.TryTake(DataNumber.RunOf(2) + 1), "a late word of the run before changes nothing");
        Assert.That(inbox.TryTake(DataNumber.RunOf(3) + 1), Is.False, "a run nobody spoke of");
    }

    private static void AssertAck(in DataAck ack, ulong run, ulong highest, HashSet<ulong> taken)
    {
        Assert.That(ack.Highest, Is.EqualTo(run + highest));
        for (var back = 1UL; back <= 64 && back < highest; back++)
        {
            Assert.That(ack.Misses(run + highest - back), Is.EqualTo(!taken.Contains(highest - back)), $"{back} below {highest}");
        }

        Assert.That(ack.Misses(run + highest + 1));
    }
}
