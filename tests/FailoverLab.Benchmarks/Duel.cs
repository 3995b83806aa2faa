namespace FailoverLab.Benchmarks;

/// <summary>Two programs timed in turns, ours before and after each rival, so that what else the machine does meets both alike.</summary>
/// <param name="Ours">All our runs.</param>
/// <param name="Rivals">All of the rival's.</param>
/// <param name="WallRatios">How many times longer the rival took than ours around it; one per turn.</param>
/// <param name="CpuRatios">The same for processor time.</param>
internal sealed record Duel(IReadOnlyList<Measured> Ours, IReadOnlyList<Measured> Rivals, IReadOnlyList<double> WallRatios, IReadOnlyList<double> CpuRatios)
{
    /// <summary>Fights it out.</summary>
    /// <param name="ours">Our program.</param>
    /// <param name="rival">The other.</param>
    /// <param name="turns">How often.</param>
    /// <param name="scale">The rival's work is so much less than ours.</param>
    public static Duel Fight(Contender ours, Contender rival, int turns, double scale = 1)
    {
        var (our, theirs) = (new List<Measured> { ours.Run() }, new List<Measured>());
        for (var turn = 0; turn < turns; turn++)
        {
            theirs.Add(rival.Run());
            our.Add(ours.Run());
        }

        List<double> Ratios(Func<Measured, double> of) => [.. theirs.Select((t, i) => of(t) * scale / ((of(our[i]) + of(our[i + 1])) / 2))];
        return new Duel(our, theirs, Ratios(m => m.Seconds), Ratios(m => m.CpuSeconds));
    }

    /// <summary>The middle value; of two the mean.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
