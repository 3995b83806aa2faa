using FailoverLab.Testing;

namespace FailoverLab.Reports.Tests;

/// <summary>The sample run, written once as a run directory with its report.</summary>
internal static class SampleReport
{
    private static readonly Lazy<string> Written = new(Write);

    /// <summary>The run directory.</summary>
    public static string Directory => Written.Value;

    /// <summary>The page.</summary>
    public static string Page => Path.Combine(Directory, "report.html");

    private static string Write()
    {
        var directory = Path.Combine(TestContext.CurrentContext.WorkDirectory, "sample-report");
        SampleDirectory.Write(directory, SampleRun.Build(), SampleEvidence.Events());
        ReportWriter.Write(ReportInput.Load(directory), directory);
        return directory;
    }
}
