namespace FailoverLab.Results;

/// <summary>The stretch between two neighbouring marks of a failover that took longest.</summary>
/// <param name="Mark">The mark that ends it.</param>
/// <param name="DurationNs">Its length, ns.</param>
/// <param name="Share">Of the time from the first mark to the recovery, 0..1.</param>
public sealed record AnatomyShare(AnatomyMarkKind Mark, long DurationNs, double Share)
{
    /// <summary>Finds it.</summary>
    /// <param name="anatomy">The marks, in order of time. The proof that recovery held is left out: it is waiting by definition.</param>
    /// <returns>The stretch; absent where fewer than two marks are known, or all are at one instant.</returns>
    public static AnatomyShare? LargestOf(IReadOnlyList<AnatomyMark> anatomy)
    {
        var marks = anatomy.Where(m => m.Mark != AnatomyMarkKind.Sustained).ToList();
        if (marks.Count < 2 || marks[^1].AtNs <= marks[0].AtNs) return null;
        var (before, after) = marks.Zip(marks.Skip(1)).MaxBy(p => p.Second.AtNs - p.First.AtNs);
        return new AnatomyShare(after.Mark, after.AtNs - before.AtNs, Math.Round((after.AtNs - before.AtNs) / (double)(marks[^1].AtNs - marks[0].AtNs), 4));
    }
}
