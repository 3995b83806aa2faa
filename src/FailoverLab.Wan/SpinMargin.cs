namespace FailoverLab.Wan;

/// <summary>
/// How long before a due time to stop sleeping and watch the clock: as long as sleeps end late on this machine, and not more, because a
/// spinning thread takes its core from the traffic. Learned from every sleep; a stall of the machine counts no more than the limit. Pure.
/// </summary>
internal sealed class SpinMargin
{
    internal const long LeastNs = 5_000;
    internal const long MostNs = 60_000;
    private const int Memory = 32;

    internal long Ns { get; private set; } = MostNs / 2;

    /// <summary>Takes note of a sleep that ended by its deadline.</summary>
    internal void Learn(long wantedNs, long wokeNs)
    {
        // A quarter on top: half of all sleeps end later than the mean.
        var seen = Math.Clamp((wokeNs - wantedNs) * 5 / 4, LeastNs, MostNs);
        Ns += (seen - Ns) / Memory;
    }
}
