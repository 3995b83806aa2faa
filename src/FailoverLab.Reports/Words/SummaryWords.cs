using System.Globalization;

namespace FailoverLab.Reports;

/// <summary>A summary of repeated runs in words.</summary>
public static class SummaryWords
{
    /// <summary>The median's interval after a blank, <c> [60.3, 62.4]</c>; empty where too few runs give none.</summary>
    public static string MedianInterval(RepeatSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return summary is { MedianNs: { } median, MedianLowNs: { } low }
            ? " " + TimeWords.Interval(median, low, summary.MedianHighNs)
            : string.Empty;
    }

    /// <summary>What the interval is: exact, 95 %, or why there is none.</summary>
    public static string MedianNote(RepeatSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return summary.MedianLowNs is null
            ? "fewer than 6 runs give no 95 % interval"
            : "in brackets the exact 95 % interval from order statistics";
    }

    /// <summary>What the maximum proves: <c>max of 20; with 95 % confidence 86 % of runs stay at or below it (p95 needs 59 runs, p99 299)</c>.</summary>
    public static string Provable(RepeatSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (summary.ProvableQuantile is not { } quantile)
        {
            return summary.NeverRecovered > 0 ? "a run that never recovered leaves no upper bound" : "nothing measured";
        }

        var share = (Math.Floor(quantile * 1000) / 10).ToString("0.#", CultureInfo.InvariantCulture);
        var need = summary.Count < 59 ? "; p95 needs 59 runs, p99 299" : summary.Count < 299 ? "; p99 needs 299 runs" : string.Empty;
        return $"with 95 % confidence {share} % of runs stay at or below it{need}";
    }
}
