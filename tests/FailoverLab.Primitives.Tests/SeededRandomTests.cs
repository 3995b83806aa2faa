namespace FailoverLab.Primitives.Tests;

public sealed class SeededRandomTests
{
    /// <summary>xoshiro256** by its authors' C code, state filled by SplitMix64 from seed 0.</summary>
    [Test]
    public void NextUInt64_SeedZero_TheReferenceSequence()
    {
        var random = new SeededRandom(0);
        ulong[] expected = [0x99EC5F36CB75F2B4, 0xBF6E1F784956452A, 0x1A5F849D4933E6E0, 0x6AA594F1262D2D2C];
        Assert.That(expected.Select(_ => random.NextUInt64()), Is.EqualTo(expected));
    }

    [Test]
    public void Split_SameName_SameSequenceWhateverWasDrawn()
    {
        var (a, b) = (new SeededRandom(7), new SeededRandom(7));
        b.NextUInt64();
        Assert.That(a.Split("loss").NextUInt64(), Is.EqualTo(b.Split("loss").NextUInt64()));
        Assert.That(a.Split("loss").NextUInt64(), Is.Not.EqualTo(a.Split("jitter").NextUInt64()));
    }

    [Test]
    public void NextDouble_ManyDraws_UniformInItsRange()
    {
        var random = new SeededRandom(1);
        var buckets = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            buckets[(int)(random.NextDouble() * 10)]++;
        }
        // Chi-square with 9 degrees of freedom: 27.9 is exceeded once in a thousand seeds, and this seed is fixed.
        Assert.That(buckets.Sum(b => (b - 10_000.0) * (b - 10_000.0) / 10_000.0), Is.LessThan(27.9));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Next_NoRange_Refused(int max) => Assert.That(() => new SeededRandom(1).Next(max), Throws.TypeOf<ArgumentOutOfRangeException>());
}
