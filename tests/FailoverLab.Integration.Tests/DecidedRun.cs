using System.Diagnostics;

namespace FailoverLab.Integration.Tests;

/// <summary>Runs that end with a verdict.</summary>
internal static class DecidedRun
{
    private const int MostRuns = 5;
    private const int Inconclusive = 6;

    /// <summary>
    /// Makes a run, and makes it again while the program says that it decides nothing: on a machine that stood still meanwhile, an
    /// expectation that did not hold is undecided. Whatever failed without such a reason fails at once.
    /// </summary>
    public static async Task<ProgramUnderTest.Outcome> MakeAsync(Func<Process> start)
    {
        for (var run = 1; ; run++)
        {
            var outcome = await ProgramUnderTest.FinishAsync(start());
            if (outcome.ExitCode != Inconclusive || run == MostRuns)
            {
                return outcome;
            }

            TestContext.Out.WriteLine($"run {run} decides nothing:{Environment.NewLine}{outcome.Output}");
        }
    }

    /// <summary>The same for the program as it is.</summary>
    public static Task<ProgramUnderTest.Outcome> MakeAsync(params string[] arguments) => MakeAsync(() => ProgramUnderTest.Start(arguments));
}
