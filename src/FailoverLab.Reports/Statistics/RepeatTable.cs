using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Several runs side by side, and what they prove together.</summary>
public sealed record RepeatTable
{
    /// <summary>One row per run, in the order given.</summary>
    public required IReadOnlyList<RepeatRow> Rows { get; init; }

    /// <summary>Longest outage per run.</summary>
    public required RepeatSummary Outage { get; init; }

    /// <summary>Longest failover per run, over the runs that saw one.</summary>
    public required RepeatSummary Failover { get; init; }

    /// <summary>Runs that measured nothing: no result, or no flow. They count in no figure.</summary>
    public required int Unmeasured { get; init; }

    /// <summary>The verdict over all runs: fail before incomplete before inconclusive before pass; a run without a result is incomplete.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Puts runs side by side.</summary>
    /// <param name="runs">One or more runs.</param>
    public static RepeatTable Of(IReadOnlyList<ReportInput> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var rows = runs.Select(RepeatRow.Of).ToList();
        var verdicts = rows.Select(r => r.Verdict ?? Results.Verdict.Incomplete).ToHashSet();
        var measured = rows.Where(r => r.OutageNs is not null).ToList();
        return new RepeatTable
        {
            Rows = rows,
            Outage = RepeatSummary.Of(measured.Where(r => r.Recovered).Select(r => r.OutageNs!.Value), measured.Count(r => !r.Recovered)),
            Failover = RepeatSummary.Of(
                measured.Where(r => r.Recovered && r.Failover is not null).Select(r => r.Failover!.ValueNs),
                measured.Count(r => !r.Recovered)),
            Unmeasured = rows.Count - measured.Count,
            Verdict = new[] { Verdict.Fail, Verdict.Incomplete, Verdict.Inconclusive }.Where(verdicts.Contains).Append(Verdict.Pass).First(),
        };
    }

    /// <summary>What the runs together say, in a sentence.</summary>
    public override string ToString()
    {
        if (Outage.Count == 0)
        {
            return $"{Rows.Count} runs, none of them measured traffic.";
        }

        var never = Outage.NeverRecovered > 0 ? $"; in {Outage.NeverRecovered} of {Outage.Count} runs traffic never came back" : string.Empty;
        var median = Outage.MedianNs is { } m ? $"the longest outage was {TimeWords.Duration(m)} in the median{SummaryWords.MedianInterval(Outage)}" : "half of the runs never recovered";
        var most = Outage.MaxNs is { } max ? $" and {TimeWords.Duration(max)} at most" : string.Empty;
        return $"In {Outage.Count} runs {median}{most}{never}.";
    }
}
