using System.Diagnostics;
using System.Globalization;
using FailoverLab.Linux;
using FailoverLab.Results;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace FailoverLab.Integration.Tests;

/// <summary>Runs that decide something.</summary>
internal static class DecidedRun
{
    private const int MostRuns = 7;

    /// <summary>Runs over ssh take a quarter of a minute each.</summary>
    private const int MostAttempts = 4;
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
        ProgramUnderTest.Outcome? last = null;
        var failed = await RepeatAsync(MostRuns, async () =>
        {
            last = await ProgramUnderTest.FinishAsync(start());
            return last.ExitCode is Failed or Inconclusive ? new Attempt<ProgramUnderTest.Outcome>(last, $"exit {last.ExitCode}:{Environment.NewLine}{last.Output}", last.ExitCode == Inconclusive) : null;
        });
        return failed ?? last!;
    }

    /// <summary>The same for the program as it is.</summary>
    public static Task<ProgramUnderTest.Outcome> MakeAsync(params string[] arguments) => MakeAsync(() => ProgramUnderTest.Start(arguments));

    /// <summary>The same for whatever makes a run and asserts something of it: what does not hold while the machine stood still, or is inconclusive, decides nothing.</summary>
    public static async Task HoldsAsync(Func<Task> attempt)
    {
        var fault = await RepeatAsync(MostAttempts, async () =>
        {
            ResultStateException? broken = null;
            using (new TestExecutionContext.IsolatedContext())
            {
                try
                {
                    await attempt();
                }
                catch (ResultStateException failure) when (failure.ResultState.Status is TestStatus.Failed or TestStatus.Inconclusive)
                {
                    broken = failure;
                }
            }

            return broken is null ? null : new Attempt<ResultStateException>(broken, broken.Message, broken.ResultState.Status == TestStatus.Inconclusive);
        });
        if (fault is not null)
        {
            Assert.Fail(fault.Message);
        }
    }

    /// <summary>The longest time for which this machine kept a lab on it from going on; absent where it did not.</summary>
    public static Stall? Longest(StallWatch watch) => watch.Seen().Where(s => s.IsUrgent || s.DurationNs > TellingStalls.LeastWaitNs).Select(s => (Stall?)s).MaxBy(s => s!.Value.DurationNs);

    /// <summary>The same in words.</summary>
    public static string? Standstill(StallWatch watch) => Longest(watch) is { } stall
        ? string.Create(CultureInfo.InvariantCulture, $"the machine {(stall.IsUrgent ? "stood still" : "was busy")} for {stall.DurationNs / 1e6:0} ms")
        : null;

    /// <summary>Sees when this machine stands still.</summary>
    public static StallWatch Watch() => new(SystemClock.Shared, TimeSpan.FromTicks(TellingStalls.LeastStallNs / 100));

    /// <returns>The failure that counts; absent where a run held. Skips the test where none decided.</returns>
    private static async Task<T?> RepeatAsync<T>(int most, Func<Task<Attempt<T>?>> make)
        where T : class
    {
        var (failures, why) = (new List<T>(), "");
        for (var run = 1; run <= most && failures.Count < MostFailures; run++)
        {
            using var watch = Watch();
            if (await make() is not { } attempt)
            {
                return null;
            }

            var standstill = Standstill(watch);
            if (attempt.IsUndecided || standstill is not null)
            {
                why = standstill ?? "the program says so";
                TestContext.Out.WriteLine($"run {run} decides nothing ({why}), {attempt.Words}");
                continue;
            }

            TestContext.Out.WriteLine($"run {run} failed, {attempt.Words}");
            failures.Add(attempt.Failure);
        }

        if (failures.Count == 0)
        {
            Assert.Ignore($"{most} runs decided nothing, the last because {why}");
        }

        return failures[^1];
    }

    /// <summary>A run that did not hold.</summary>
    private sealed record Attempt<T>(T Failure, string Words, bool IsUndecided);
}
