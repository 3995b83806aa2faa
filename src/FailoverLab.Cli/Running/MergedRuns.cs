using System.Globalization;
using FailoverLab.Reports;
using FailoverLab.Results;

namespace FailoverLab.Cli.Running;

/// <summary>Writes the report of several runs of one scenario.</summary>
internal static class MergedRuns
{
    /// <summary>Writes it into a directory of its own beside the runs.</summary>
    /// <returns>Path of the report.</returns>
    public static string Write(IReadOnlyList<(RunResult Result, string Directory)> runs, string root, string scenario, TimeProvider time)
    {
        var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var directory = Path.Combine(root, $"{stamp}-{scenario}-x{runs.Count.ToString(CultureInfo.InvariantCulture)}");
        Directory.CreateDirectory(directory);
        return MergedReport.Write([.. runs.Select(r => ReportInput.Load(r.Directory))], directory);
    }
}
