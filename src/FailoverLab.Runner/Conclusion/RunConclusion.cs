using System.Globalization;
using FailoverLab.Analysis;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Turns what a run left behind into its result: figures from the captures, expectations, verdict.</summary>
public static class RunConclusion
{
    /// <summary>Analyses and judges a run.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="record">What the run left.</param>
    /// <param name="directory">The run directory.</param>
    /// <param name="journalFault">Why <c>events.ndjson</c> ended early, or <see langword="null"/>.</param>
    /// <param name="environment">Machine and program.</param>
    public static RunResult Conclude(RunPlan plan, RunRecord record, RunDirectory directory, string? journalFault, RunEnvironment environment)
    {
        var captures = record.Captures.Where(c => File.Exists(directory.File(c.File)))
            .Select(c => new CaptureInput(directory.File(c.File), c.File, c.Point))
            .ToList();
        var analysis = CaptureAnalyzer.Analyze(captures, AnalysisContextBuilder.Build(plan, record), CancellationToken.None);
        var result = analysis with
        {
            Scenario = plan.Scenario,
            RunId = directory.RunId,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(record.StartNs / 1_000_000).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            StartNs = record.StartNs,
            PlannedDurationNs = plan.Duration.Ticks * 100,
            Seed = plan.Seed,
            // The embedded lab and local commands change nothing that outlives the run.
            Restored = true,
            Environment = environment,
            Clock = new ClockReport("this machine", [.. plan.Hosts.Select(h => Clock(h.Name, record, analysis))]),
            StartSkewNs = Skew(record),
            Stalls = record.Stalls,
        };
        var late = StartLimit.Exceeded(plan, result.StartSkewNs!, result.Clock!);
        result = result with { Caveats = [.. analysis.Caveats, .. RunCaveats.Of(record, journalFault, analysis.Captures), .. TracedLinks.Caveats(plan, record), .. late] };
        var judged = plan.Expectations.Select(e => ExpectationJudge.Judge(e, result)).ToList();
        var expectations = LabFaults.Weigh(plan.Expectations, judged, result);
        var isComplete = record.RanToEnd && journalFault is null && record.Captures.All(c => c is { Fault: null, HasWrapped: false }) && late.Count == 0;
        return result with
        {
            Caveats = [.. result.Caveats, .. LabFaults.Caveats(judged, expectations, result)],
            Expectations = expectations,
            Verdict = RunVerdict.Of(expectations, isComplete),
        };
    }

    /// <summary>A host's clock as the exchange over its channel told it, and what the packets say of it.</summary>
    private static HostClock Clock(string host, RunRecord record, RunResult analysis) =>
        (record.Clocks.FirstOrDefault(c => c.Host == host) ?? new HostClock(host, 0, 0)) with { PacketOffset = analysis.Clock?.Hosts.FirstOrDefault(c => c.Host == host)?.PacketOffset };

    private static StartSkew Skew(RunRecord record)
    {
        var starts = record.Events
            .Where(e => e is { Host: not null, Step: not null, PlannedNs: not null, StartedNs: not null })
            .Select(e => new StepStart(e.Host!, e.Step!, e.PlannedNs!.Value, e.StartedNs!.Value, Bound(e)))
            .ToList();
        return new StartSkew(starts.Count == 0 ? 0 : starts.Max(s => Math.Abs(s.ActualNs - s.PlannedNs)), starts);
    }

    /// <summary>How well the start is known, as its place said.</summary>
    internal static long? Bound(RunEvent start) =>
        start.Data?.GetValueOrDefault("boundNs") is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bound) ? bound : null;
}
