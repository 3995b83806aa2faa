using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>Draws cuts at random: every instant of a sending interval is as likely as every other, for the cut and for the end of its gap. Pure.</summary>
public static class GaugeSchedule
{
    /// <summary>Shortest gap, in sending intervals: shorter silences are not told from accidental loss.</summary>
    public const int LeastGapIntervals = 10;

    private const int MostGapIntervals = 100;

    // An outage is told from chance by the loss among 200 packets on each side; a cut before must be out of their reach.
    private const int LeastPauseIntervals = 350;
    private const int PauseSpreadIntervals = 100;

    /// <summary>Draws cuts that begin after a first pause from time 0 on.</summary>
    /// <param name="random">Equal seeds give equal cuts.</param>
    /// <param name="count">How many; not negative.</param>
    /// <param name="gap">Gap of every cut; <see langword="null"/> draws each between 10 and 100 sending intervals.</param>
    /// <param name="interval">Sending interval of the traffic to be cut; greater than zero.</param>
    public static IReadOnlyList<GaugeCut> Draw(SeededRandom random, int count, TimeSpan? gap, TimeSpan interval)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        var (pauses, gaps) = (random.Split("pauses"), random.Split("gaps"));
        var intervalNs = Nanoseconds(interval);
        var cuts = new GaugeCut[count];
        var atNs = 0L;
        for (var k = 0; k < count; k++)
        {
            var gapNs = gap is { } fixedGap ? Nanoseconds(fixedGap) : Between(gaps, LeastGapIntervals, MostGapIntervals, intervalNs);
            cuts[k] = new GaugeCut(atNs + Between(pauses, LeastPauseIntervals, LeastPauseIntervals + PauseSpreadIntervals, intervalNs), gapNs);
            atNs = cuts[k].EndNs;
        }

        return cuts;
    }

    /// <summary>When traffic may end after the last cut, ns on the clock of the cuts; 0 without cuts.</summary>
    public static long EndNs(IReadOnlyList<GaugeCut> cuts, TimeSpan interval) =>
        cuts.Count == 0 ? 0 : cuts[^1].EndNs + (LeastPauseIntervals * Nanoseconds(interval));

    private static long Between(SeededRandom random, int least, int most, long intervalNs) =>
        (least * intervalNs) + (long)(random.NextDouble() * (most - least) * intervalNs);

    private static long Nanoseconds(TimeSpan value) => value.Ticks * TimeSpan.NanosecondsPerTick;
}
