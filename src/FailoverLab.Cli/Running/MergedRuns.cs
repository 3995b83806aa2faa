using System.Globalization;
using FailoverLab.Reports;

namespace FailoverLab.Cli;

/// <summary>Writes the report of several runs of one scenario.</summary>
internal static class MergedRuns
{
    /// <summary>Writes it into a directory of its own beside the runs.</summary>
    /// <returns>Path of the report.</returns>
    public static string Write(IReadOnlyList<ReportInput> runs, string root, string scenario, TimeProvider time)
    {
        var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var directory = Path.Combine(root, $"{stamp}-{scenario}-x{runs.Count.ToString(CultureInfo.InvariantCulture)}");
        return MergedReport.Write(runs, directory);
    }
}
