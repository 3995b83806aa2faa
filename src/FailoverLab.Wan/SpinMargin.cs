namespace FailoverLab.Wan;

/// <summary>
/// How long before a due time to stop sleeping and watch the clock: as long as all but a few sleeps end late on this machine, and not more, because a
/// spinning thread takes its core from the traffic. Learned from every sleep; a stall of the machine counts no more than the limit. Pure.
/// </summary>
internal sealed class SpinMargin
{
    internal const long LeastNs = 5_000;

    // At 10,000 packets a second half a core: a real-time thread that leaves the others too little is held back by the kernel for milliseconds.
    internal const long MostNs = 50_000;
    private const int Rise = 16;
    private const int Fall = 512;

    internal long Ns { get; private set; } = MostNs / 2;

    /// <summary>Takes note of a sleep that ended by its deadline.</summary>
    internal void Learn(long wantedNs, long wokeNs)
    {
        // It rises much faster than it falls, so it settles where about one sleep in thirty ends later.
        var seen = Math.Clamp((wokeNs - wantedNs) * 5 / 4, LeastNs, MostNs);
        Ns += (seen - Ns) / (seen > Ns ? Rise : Fall);
    }
}
