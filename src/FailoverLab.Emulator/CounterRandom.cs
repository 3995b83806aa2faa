namespace FailoverLab.Emulator;

/// <summary>
/// Random numbers by place instead of by turn: the n-th is a function of key and n alone. So the fate of a packet does not depend on what
/// was drawn for others, or whether an impairment was on before.
/// </summary>
/// <remarks>Source: SplitMix64 at any place; Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.</remarks>
internal readonly struct CounterRandom(ulong key)
{
    /// <summary>Uniform over all 64-bit values.</summary>
    internal ulong Bits(long place)
    {
        var z = key + (((ulong)place + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    internal double Share(long place) => (Bits(place) >> 11) * (1.0 / (1UL << 53));
}
