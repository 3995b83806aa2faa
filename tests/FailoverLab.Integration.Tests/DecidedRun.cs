using System.Diagnostics;
using FailoverLab.Linux;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>Runs that end with a verdict.</summary>
internal static class DecidedRun
{
    private const int MostRuns = 5;
    private const int Failed = 1;
    private const int Inconclusive = 6;

    /// <summary>
    /// Makes a run, and makes it again while it decides nothing: the program says so of a lab on this machine that stood still meanwhile; of
    /// labs behind SSH it cannot know that their hosts are this machine too, so it is seen from here. What failed without such a reason
    /// fails at once.
    /// </summary>
    public static async Task<ProgramUnderTest.Outcome> MakeAsync(Func<Process> start)
    {
        for (var run = 1; ; run++)
        {
            using var watch = new StallWatch(SystemClock.Shared, TimeSpan.FromTicks(TellingStalls.LeastStallNs / 100));
            var outcome = await ProgramUnderTest.FinishAsync(start());
            var isUndecided = outcome.ExitCode == Inconclusive || (outcome.ExitCode == Failed && watch.Seen().Any(s => s.IsUrgent || s.DurationNs > TellingStalls.LeastWaitNs));
            if (!isUndecided || run == MostRuns)
            {
                return outcome;
            }

            TestContext.Out.WriteLine($"run {run} decides nothing, exit {outcome.ExitCode}:{Environment.NewLine}{outcome.Output}");
        }
    }

    /// <summary>The same for the program as it is.</summary>
    public static Task<ProgramUnderTest.Outcome> MakeAsync(params string[] arguments) => MakeAsync(() => ProgramUnderTest.Start(arguments));
}
