using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Loss periods and loss distance of a flow (RFC 3357).</summary>
internal static class LossPeriodRule
{
    private const long NoticeableDistance = 99;

    /// <summary>Sums up a flow's loss periods.</summary>
    /// <param name="runs">Every loss period, in order.</param>
    public static LossPeriods Of(IReadOnlyList<LossRun> runs)
    {
        var lengths = new ValueDistribution();
        var (lost, noticeable) = (0L, 0L);
        for (var i = 0; i < runs.Count; i++)
        {
            lengths.Add(runs[i].Count);
            lost += runs[i].Count;

            // Within a period each packet but the first follows the one lost before it at distance 1.
            noticeable += runs[i].Count - 1;
            if (i > 0 && runs[i].FirstRow - (runs[i - 1].FirstRow + runs[i - 1].Count - 1) <= NoticeableDistance) noticeable++;
        }

        return new LossPeriods(runs.Count, runs.Count == 0 ? 0 : lengths.At(0.5), runs.Count == 0 ? 0 : lengths.Greatest, lost == 0 ? 0 : (double)noticeable / lost);
    }
}
