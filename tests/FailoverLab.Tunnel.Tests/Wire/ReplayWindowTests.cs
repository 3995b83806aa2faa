using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

public sealed class ReplayWindowTests
{
    private const uint Start = 1000;

    [Test]
    public void Accept_RandomOrderWithDuplicates_EachSequenceOnceAgainstASet([Values(1UL, 2UL, 3UL)] ulong seed, [Values(0u, uint.MaxValue - 20_000)] uint first)
    {
        var random = new SeededRandom(seed);
        var window = new ReplayWindow(Start);
        var seen = new HashSet<uint>();
        var highest = 0L;
        for (var i = 0; i < 60_000; i++)
        {
            // One timestamp for all, so the restart rule stays out of the way and the oracle is a plain set.
            var position = Math.Max(0, highest - 200 + random.Next(401));
            var sequence = unchecked(first + (uint)position);
            var fresh = !seen.Contains(sequence) && highest - position < ReplayWindow.Size;
            Assert.That(window.IsAcceptable(sequence, Start), Is.EqualTo(fresh), $"seed {seed}, step {i}, position {position}, highest {highest}");
            if (fresh)
            {
                window.Accept(sequence, Start);
                seen.Add(sequence);
                highest = Math.Max(highest, position);
            }
        }
    }

    [Test]
    public void IsAcceptable_OlderThanTheWindow_Refused()
    {
        var window = new ReplayWindow(Start);
        window.Accept(0, Start);
        window.Accept(ReplayWindow.Size + 5, Start);
        Assert.That(window.IsAcceptable(4, Start), Is.False);
        Assert.That(window.IsAcceptable(6, Start), Is.True);
    }

    [Test]
    public void Accept_PeerRestarts_NewEpochTakenAndOldOneRefusedForEver()
    {
        var window = new ReplayWindow(Start);
        for (var i = 0u; i < 500; i++)
        {
            window.Accept(i, Start + i);
        }

        Assert.That(window.IsAcceptable(0, Start + 499), Is.False, "the same millisecond as the latest taken is not a restart");
        Assert.That(window.IsAcceptable(0, Start + 600), Is.True);
        Assert.That(window.Accept(0, Start + 600), Is.True, "it begins an epoch");
        for (var i = 0u; i < 500; i++)
        {
            Assert.That(window.IsAcceptable(i, Start + i), Is.False, $"replay of {i} from the old epoch");
        }

        Assert.That(window.IsAcceptable(700, Start + 499), Is.False, "never seen, but sent in the old epoch");
        Assert.That(window.IsAcceptable(1, Start + 601), Is.True);
    }

    [Test]
    public void IsAcceptable_SentBeforeTheReceiverStarted_Refused()
    {
        var window = new ReplayWindow(Start);
        Assert.That(window.IsAcceptable(7, Start - 1), Is.False);
        Assert.That(window.IsBeforeEpoch(Start - 1), Is.True);
        Assert.That(window.IsAcceptable(7, Start), Is.True);
    }

    [Test]
    public void Accept_LongAfterTheEpochBegan_NothingIsBeforeIt()
    {
        var window = new ReplayWindow(Start);
        window.Accept(5, Start);
        Assert.That(window.IsAcceptable(6, Start + 0x8000_0000L), Is.True);
        Assert.That(window.Accept(5, Start + 0x1_0000_0000L), Is.True, "a restart weeks later");
        Assert.That(window.IsAcceptable(6, Start), Is.False, "the epoch before");
    }
}
