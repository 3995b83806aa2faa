using System.Numerics;

namespace FailoverLab.Primitives;

/// <summary>
/// Random numbers that a run can repeat: xoshiro256** seeded through SplitMix64. Equal seeds give equal sequences on every machine.
/// Not thread-safe; give each consumer its own stream with <see cref="Split"/>.
/// </summary>
/// <remarks>Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021.</remarks>
public sealed class SeededRandom
{
    private readonly ulong _seed;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the sequence of <paramref name="seed"/>; every value is allowed.</summary>
    public SeededRandom(ulong seed)
    {
        _seed = seed;
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>An independent sequence for a named consumer; it depends on this generator's seed and the name, not on what was drawn.</summary>
    public SeededRandom Split(string consumer)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var c in consumer)
        {
            hash = (hash ^ c) * 0x100000001B3UL;
        }

        return new SeededRandom(_seed ^ BitOperations.RotateLeft(hash, 17));
    }

    /// <summary>Uniform over all 64-bit values.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="exclusiveMax"/>).</summary>
    /// <param name="exclusiveMax">Greater than zero.</param>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)(NextUInt64() % (ulong)exclusiveMax);
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
