using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

public sealed class CounterWindowTests
{
    private static readonly ulong[] Jumps = [1, 1, 1, 2, 63, 64, 65, 127, 128, 8127, 8128, 8129, 16319, 16320, 16321, 1UL << 32];

    [Test]
    public void IsFresh_MillionStepsWithJumps_AgreesWithASet([Values(8192, 16384)] int bits, [Values(1UL, 2UL, 3UL, 4UL, 5UL)] ulong seed)
    {
        var random = new SeededRandom(seed);
        var window = new CounterWindow(bits);
        Assert.That(window.Size, Is.EqualTo(bits - 64));
        var first = seed % 2 == 0 ? 0 : ulong.MaxValue - (1UL << 48);
        var taken = new HashSet<ulong>();
        var highest = first;
        for (var step = 0; step < 100_000; step++)
        {
            var number = Next(random, highest, window.Size);
            var fresh = taken.Count == 0 || number > highest || (highest - number < (ulong)window.Size && !taken.Contains(number));
            if (window.IsFresh(number) != fresh)
            {
                Assert.Fail($"seed {seed}, step {step}: {number} with highest {highest} should be {(fresh ? "fresh" : "refused")}");
            }

            if (fresh && random.Next(8) != 0)
            {
                window.Take(number);
                taken.Add(number);
                highest = taken.Count == 1 ? number : Math.Max(highest, number);
                Assert.That(window.Highest, Is.EqualTo(highest));
            }
        }
    }

    [TestCase(8127UL, true)]
    [TestCase(8128UL, false)]
    [TestCase(8129UL, false)]
    public void IsFresh_SoFarBehindTheHighest_TakenInsideTheWindowOnly(ulong behind, bool taken)
    {
        var window = new CounterWindow(8192);
        const ulong Highest = (1UL << 40) + 17;
        window.Take(Highest);
        Assert.That(window.IsFresh(Highest - behind), Is.EqualTo(taken));
        Assert.That(window.IsFresh(Highest), Is.False);
    }

    [Test]
    public void Take_LeftOfTheWindow_ChangesNothing()
    {
        var window = new CounterWindow(128);
        window.Take(1000);
        window.Take(1000 - 128);
        Assert.That(window.Highest, Is.EqualTo(1000));
        Assert.That(window.IsFresh(1000 - 63), "the block it would share is untouched");
    }

    [Test]
    public void Take_UpToTheGreatestNumber_Works()
    {
        var window = new CounterWindow();
        window.Take(ulong.MaxValue - 1);
        Assert.That(window.IsFresh(ulong.MaxValue));
        window.Take(ulong.MaxValue);
        Assert.That(window.IsFresh(ulong.MaxValue), Is.False);
        Assert.That(window.IsFresh(0), Is.False);
    }

    [TestCase(64)]
    [TestCase(1000)]
    public void New_SizeThatIsNoPowerOfTwo_Throws(int bits) => Assert.Throws<ArgumentOutOfRangeException>(() => _ = new CounterWindow(bits));

    private static ulong Next(SeededRandom random, ulong highest, int size)
    {
        var jump = Jumps[random.Next(Jumps.Length)];
        return random.Next(3) switch
        {
            0 when ulong.MaxValue - highest > jump => highest + jump,
            1 when highest > jump => highest - jump,
            _ => highest - Math.Min(highest, (ulong)random.Next(size + 10)),
        };
    }
}
