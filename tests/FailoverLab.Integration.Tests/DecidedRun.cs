using System.Diagnostics;
using FailoverLab.Linux;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>Runs that end with a verdict.</summary>
internal static class DecidedRun
{
    private const int MostRuns = 7;
    private const int MostFailures = 2;
    private const int Failed = 1;
    private const int Inconclusive = 6;

    /// <summary>
    /// Makes a run until one passes or two have failed. A run that decides nothing does not count: the program says so of a lab on this machine that
    /// stood still meanwhile; of labs behind SSH it cannot know that their hosts are this machine too, so it is seen from here. One failure may be a pause
    /// that nobody saw, two are not; every run that did not pass is in the test's output. Where none decides, the test is skipped.
    /// </summary>
    public static async Task<ProgramUnderTest.Outcome> MakeAsync(Func<Process> start)
    {
        ProgramUnderTest.Outcome? failed = null;
        var failures = 0;
        for (var run = 1; run <= MostRuns; run++)
        {
            using var watch = new StallWatch(SystemClock.Shared, TimeSpan.FromTicks(TellingStalls.LeastStallNs / 100));
            var outcome = await ProgramUnderTest.FinishAsync(start());
            if (outcome.ExitCode is not (Failed or Inconclusive))
            {
                return outcome;
            }

            var isUndecided = outcome.ExitCode == Inconclusive || watch.Seen().Any(s => s.IsUrgent || s.DurationNs > TellingStalls.LeastWaitNs);
            TestContext.Out.WriteLine($"run {run} {(isUndecided ? "decides nothing" : "failed")}, exit {outcome.ExitCode}:{Environment.NewLine}{outcome.Output}");
            (failed, failures) = isUndecided ? (failed, failures) : (outcome, failures + 1);
            if (failures == MostFailures)
            {
                break;
            }
        }

        if (failed is null)
        {
            Assert.Ignore($"{MostRuns} runs decided nothing: the machine stood still or was busy in each of them");
        }

        return failed;
    }

    /// <summary>The same for the program as it is.</summary>
    public static Task<ProgramUnderTest.Outcome> MakeAsync(params string[] arguments) => MakeAsync(() => ProgramUnderTest.Start(arguments));
}
