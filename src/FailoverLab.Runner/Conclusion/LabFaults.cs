using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>
/// Whether the lab itself was to blame. An expectation that failed while the machine stood still, or while a link did not do as it was
/// asked, says nothing certain of what was tested: it is undecided, with the reason beside it. One that passed nevertheless has passed. Pure.
/// </summary>
internal static class LabFaults
{
    /// <summary>What happened so long before a window may still show in it: a path left, a hold not yet over.</summary>
    private const long EchoNs = 1_000_000_000;

    /// <summary>The expectations, those undecided that failed beside a fault of the lab.</summary>
    /// <param name="plan">What was expected.</param>
    /// <param name="judged">What came of it, in the same order.</param>
    /// <param name="result">The run.</param>
    public static IReadOnlyList<ExpectationResult> Weigh(IReadOnlyList<ExpectationPlan> plan, IReadOnlyList<ExpectationResult> judged, RunResult result) =>
        [.. judged.Select((e, n) => e.Verdict == Verdict.Fail && IsDisturbed(Window.Of(plan[n], result), result) ? e with { Verdict = Verdict.Inconclusive } : e)];

    /// <summary>What to say of stalls, and of expectations that became undecided.</summary>
    /// <param name="judged">The expectations as they were judged at first.</param>
    /// <param name="weighed">The same, weighed.</param>
    /// <param name="result">The run.</param>
    public static IEnumerable<Caveat> Caveats(IReadOnlyList<ExpectationResult> judged, IReadOnlyList<ExpectationResult> weighed, RunResult result)
    {
        var stalls = TellingStalls.Of(result).ToLookup(s => s.Urgent);
        if (stalls[true].Any())
        {
            yield return new Caveat("machine-stalled", $"The machine stood still {Words(stalls[true], TellingStalls.LeastStallNs, result)}; figures of these times hold its pauses.", []);
        }

        if (stalls[false].Any())
        {
            yield return new Caveat("machine-busy", $"Programs of the lab waited for a processor {Words(stalls[false], TellingStalls.LeastWaitNs, result)}: the machine was busy with something else.", []);
        }

        foreach (var (before, _) in judged.Zip(weighed).Where(p => p.First.Verdict != p.Second.Verdict))
        {
            yield return new Caveat(
                "lab-not-as-asked",
                $"'{before.Text}' did not hold, but in its time the machine stood still or was busy, or a link was not as asked: undecided, not failed. Run it again, on a quieter machine if need be.",
                []);
        }
    }

    private static string Words(IEnumerable<MachineStall> stalls, long leastNs, RunResult result)
    {
        var (count, longest) = (stalls.Count(), stalls.MaxBy(s => s.DurationNs)!);
        var at = DurationText.FormatNs((longest.AtNs - (result.StartNs ?? 0)) / 1_000_000 * 1_000_000);
        return $"{(count == 1 ? "once" : $"{count} times")} for {DurationText.FormatNs(leastNs)} or longer, at most {DurationText.FormatNs(longest.DurationNs)} at T+{at}";
    }

    private static bool IsDisturbed(Window window, RunResult result)
    {
        var fromNs = window.FromNs == long.MinValue ? long.MinValue : window.FromNs - EchoNs;
        return TellingStalls.Of(result).Any(s => s.AtNs + s.DurationNs >= fromNs && s.AtNs <= window.ToNs)
            || (result.Links ?? []).Any(l => l.Verdict == Verdict.Fail && l.ToNs >= fromNs && l.FromNs <= window.ToNs);
    }
}
