namespace FailoverLab.Emulator;

/// <summary>How long a packet takes behind the bottleneck: the delay and a random part. Its two numbers are its own whether they are used or not.</summary>
internal readonly struct TransitDelay(CounterRandom first, CounterRandom second)
{
    // Ten years: sums with any clock stay far from the end of the range.
    private const double MostNs = 315_360_000_000_000_000;

    /// <returns>Not negative, ns.</returns>
    internal long DrawNs(long index, long delayNs, long jitterNs, JitterModel model)
    {
        if (jitterNs == 0)
        {
            return delayNs;
        }

        var addition = jitterNs * model.Draw(first.Share(index), second.Share(index));
        return Math.Max(0, delayNs + (long)Math.Clamp(addition, -MostNs, MostNs));
    }
}
