using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>Holds what an analysis found against what is true: bias, repeatability, coverage, verdict. Pure.</summary>
public static class GaugeConclusion
{
    /// <summary>Share of cuts whose interval must hold the truth.</summary>
    public const double CoverageGoal = 0.95;

    /// <summary>So long before a cut and after its end a pause can show in its figures: longer than packets are under way.</summary>
    private const long NearNs = 50_000_000;

    /// <summary>The gauge's own threads make ordinary ones wait for less.</summary>
    private const long LeastWaitNs = TellingStalls.LeastStallNs;

    /// <summary>Judges one analysis of all cuts.</summary>
    /// <param name="analysis">What was found in the captures.</param>
    /// <param name="truths">The cuts, in order of time; further apart than the paths' delays.</param>
    /// <param name="stalls">When the machine is known to have paused.</param>
    /// <param name="intervalNs">Time between two packets, ns; the bias may be as large, that of the rates as large as their sampling interval.</param>
    public static GaugeResult Conclude(RunResult analysis, IReadOnlyList<GaugeTruth> truths, IReadOnlyList<MachineStall> stalls, long intervalNs)
    {
        var (runs, strays) = GaugeReader.Read(analysis, truths);
        return Conclude([.. runs.Select(r => WithStalls(r, stalls, intervalNs))], strays, intervalNs) with { Captures = analysis.Captures, Caveats = analysis.Caveats };
    }

    /// <summary>Judges cuts that were read before.</summary>
    internal static GaugeResult Conclude(IReadOnlyList<GaugeRun> runs, int strays, long intervalNs)
    {
        var methods = GaugedMethod.All
            .Where(m => !m.BySampling || runs.Any(r => r.Measured.ContainsKey(m.Name)))
            .Select(m => Judge(m, runs, intervalNs))
            .ToList();
        return new GaugeResult
        {
            IntervalNs = intervalNs,
            Methods = methods,
            Runs = runs,
            Strays = strays,
            Verdict = runs.Count == 0 ? Verdict.Inconclusive : Worst([.. methods.Select(m => m.Verdict), strays > 0 ? Verdict.Fail : Verdict.Pass]),
        };
    }

    private static GaugeRun WithStalls(GaugeRun run, IReadOnlyList<MachineStall> stalls, long intervalNs)
    {
        var near = stalls.Where(s => s.DurationNs > (s.Urgent ? intervalNs : LeastWaitNs)
            && s.AtNs < run.CutNs + run.GapNs + NearNs && s.AtNs + s.DurationNs > run.CutNs - NearNs);
        return near.MaxBy(s => s.DurationNs) is { } stall && stall.DurationNs > (run.DisturbedNs ?? 0) ? run with { DisturbedNs = stall.DurationNs } : run;
    }

    /// <summary>A pause of the machine is no fault of a method: what would not fail without the cuts that one met is undecided.</summary>
    private static GaugeMethod Judge(GaugedMethod method, IReadOnlyList<GaugeRun> runs, long intervalNs)
    {
        var all = Measure(method, runs, intervalNs);
        return all.Verdict == Verdict.Fail && Measure(method, [.. runs.Where(r => r.DisturbedNs is null)], intervalNs).Verdict != Verdict.Fail
            ? all with { Verdict = Verdict.Inconclusive }
            : all;
    }

    private static GaugeMethod Measure(GaugedMethod method, IReadOnlyList<GaugeRun> runs, long intervalNs)
    {
        var found = runs.Where(r => r.Measured.ContainsKey(method.Name)).Select(r => (Run: r, Measured: r.Measured[method.Name])).ToList();
        var coverage = runs.Count == 0
            ? new MeasuredShare(0, 0, 1)
            : Confidence.OfShare(found.Count(f => method.Covers(f.Run, f.Measured)), runs.Count);
        var result = new GaugeMethod
        {
            Name = method.Name,
            Cuts = runs.Count,
            Found = found.Count,
            GoalNs = method.SpacingNs(intervalNs),
            Coverage = coverage,
            WidthNs = found.Count == 0 ? null : found.Select(f => f.Measured.HighNs - f.Measured.LowNs).Order().ElementAt(found.Count / 2),
            Verdict = Verdict.Inconclusive,
        };
        if (found.Count < 2)
        {
            return result with { Verdict = OfCoverage(coverage) == Verdict.Fail ? Verdict.Fail : Verdict.Inconclusive };
        }

        var (mean, half, deviation) = Confidence.OfMean([.. found.Select(f => (double)method.ErrorNs(f.Run, f.Measured))]);
        var bias = new MeasuredTime((long)Math.Round(mean), (long)Math.Floor(mean - half), (long)Math.Ceiling(mean + half));
        return result with
        {
            BiasNs = bias,
            RepeatabilityNs = (long)Math.Round(deviation),
            Verdict = Worst([OfBias(bias, method.SpacingNs(intervalNs)), OfCoverage(coverage)]),
        };
    }

    /// <summary>Beyond the goal by chance decides nothing; beyond it with its whole interval fails.</summary>
    private static Verdict OfBias(MeasuredTime bias, long goalNs) =>
        Math.Abs(bias.ValueNs) <= goalNs ? Verdict.Pass
        : bias.LowNs > goalNs || bias.HighNs < -goalNs ? Verdict.Fail
        : Verdict.Inconclusive;

    private static Verdict OfCoverage(MeasuredShare coverage) =>
        coverage.Value >= CoverageGoal ? Verdict.Pass : coverage.High < CoverageGoal ? Verdict.Fail : Verdict.Inconclusive;

    private static Verdict Worst(IReadOnlyCollection<Verdict> verdicts) =>
        verdicts.Contains(Verdict.Fail) ? Verdict.Fail : verdicts.Contains(Verdict.Inconclusive) ? Verdict.Inconclusive : Verdict.Pass;
}
