using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Cuts a failover into the stretches between its marks.</summary>
internal static class AnatomyParts
{
    /// <summary>
    /// Stretches from the first mark to the recovery in order of time; empty with fewer than two marks. The proof that recovery held
    /// is left out: it is waiting by definition, not failover time.
    /// </summary>
    public static IReadOnlyList<AnatomyPart> Of(Failover failover)
    {
        var marks = failover.Anatomy.Where(m => m.Mark != AnatomyMarkKind.Sustained).OrderBy(m => m.AtNs).ThenBy(m => m.Mark).ToList();
        return [.. marks.Zip(marks.Skip(1), (a, b) => new AnatomyPart(b.Mark, a.AtNs, b.AtNs))];
    }
}
