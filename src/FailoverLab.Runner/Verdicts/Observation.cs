using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Takes the figure an expectation asks for out of a run.</summary>
internal static class Observation
{
    /// <summary>The figure, the worst one where several flows are meant; <see langword="null"/> when nothing was observed.</summary>
    public static MeasuredValue? Of(ExpectationPlan expectation, RunResult result, Window window) => expectation.Metric switch
    {
        ExpectationMetric.Outage => Outage(expectation, result, window),
        ExpectationMetric.Lost => Loss(expectation, result, window) is { } l ? MeasuredValue.Exact(l.Lost) : null,
        ExpectationMetric.LossRatio => Loss(expectation, result, window) is { Sent: > 0 } l ? MeasuredValue.Exact((double)l.Lost / l.Sent) : null,
        ExpectationMetric.Failovers => Moves(result, window, FailoverKind.Failover),
        ExpectationMetric.Reversions => Moves(result, window, FailoverKind.Reversion),
        ExpectationMetric.DelayMedian => Delay(expectation, result, window, 0.5),
        ExpectationMetric.DelayP99 => Delay(expectation, result, window, 0.99),
        ExpectationMetric.CaptureDrops => CaptureDrops(result),
        ExpectationMetric.StartSkew => result.StartSkewNs is { } skew ? Skew(skew) : null,
        _ => null,
    };

    /// <summary>Each start is known to its bound; the largest of all lies between the largest of their ends.</summary>
    private static MeasuredValue Skew(StartSkew skew)
    {
        var ends = skew.PerHost.Where(s => s.BoundNs is not null).Select(s => (Off: Math.Abs(s.ActualNs - s.PlannedNs), Bound: s.BoundNs!.Value)).ToList();
        return ends.Count == 0
            ? MeasuredValue.Exact(skew.Max)
            : new MeasuredValue(skew.Max, Math.Max(ends.Max(e => e.Off - e.Bound), Exact()), Math.Max(ends.Max(e => e.Off + e.Bound), skew.Max));

        long Exact() => skew.PerHost.Where(s => s.BoundNs is null).Select(s => Math.Abs(s.ActualNs - s.PlannedNs)).Append(0).Max();
    }

    private static MeasuredValue? Outage(ExpectationPlan expectation, RunResult result, Window window)
    {
        if (!result.Flows.Any(f => IsMeant(expectation, f.Id)))
        {
            return null;
        }

        // The gap is placed by its end when it began before the window: an outage that reaches in counts.
        var worst = result.Outages
            .Where(o => IsMeant(expectation, o.Flow) && o.StartNs <= window.ToNs && (o.EndNs ?? long.MaxValue) >= window.FromNs)
            .MaxBy(o => o.Recovered ? o.DurationNs : long.MaxValue);
        return worst is null
            ? MeasuredValue.Exact(0)
            : new MeasuredValue(worst.DurationNs, worst.LowNs, worst.HighNs ?? double.PositiveInfinity);
    }

    private static (long Lost, long Sent)? Loss(ExpectationPlan expectation, RunResult result, Window window)
    {
        (long Lost, long Sent)? worst = null;
        foreach (var flow in result.Flows.Where(f => IsMeant(expectation, f.Id) && f.Series is not null))
        {
            var (lost, sent) = InWindow(flow.Series!, window);
            if (worst is null || lost > worst.Value.Lost)
            {
                worst = (lost, sent);
            }
        }

        return worst;
    }

    private static (long Lost, long Sent) InWindow(FlowSeries series, Window window)
    {
        var (lost, sent) = (0L, 0L);
        foreach (var bin in Bins(series, window))
        {
            lost += series.Lost[bin];
            sent += series.Sent[bin];
        }

        return (lost, sent);
    }

    private static MeasuredValue Moves(RunResult result, Window window, FailoverKind kind) =>
        MeasuredValue.Exact(result.Failovers.Count(f => f.Kind == kind && window.Holds(MoveInstant(f))));

    private static long MoveInstant(Failover failover) =>
        failover.Anatomy.FirstOrDefault(m => m.Mark == AnatomyMarkKind.FirstOnNewPath)?.AtNs
        ?? (failover.Anatomy.Count > 0 ? failover.Anatomy[0].AtNs : (long?)null)
        ?? failover.Fault.PacketsHighNs ?? failover.Fault.CommandNs ?? 0;

    private static MeasuredValue? Delay(ExpectationPlan expectation, RunResult result, Window window, double quantile)
    {
        double? worst = null;
        foreach (var flow in result.Flows.Where(f => IsMeant(expectation, f.Id) && f.Series is not null))
        {
            var values = Bins(flow.Series!, window)
                .Where(bin => flow.Series!.DelayNs[bin] >= 0 && OnPath(expectation, result, flow.Series!.Path[bin]))
                .Select(bin => flow.Series!.DelayNs[bin])
                .Order()
                .ToList();
            if (values.Count > 0)
            {
                var value = values[Math.Min(values.Count - 1, (int)Math.Ceiling(quantile * values.Count) - 1)];
                worst = Math.Max(worst ?? 0, value);
            }
        }

        return worst is { } ns ? MeasuredValue.Exact(ns) : null;
    }

    private static MeasuredValue? CaptureDrops(RunResult result)
    {
        var known = result.Captures.Where(c => c.Dropped is not null).ToList();
        return known.Count == 0 ? null : MeasuredValue.Exact(known.Sum(c => c.Dropped!.Value));
    }

    private static IEnumerable<int> Bins(FlowSeries series, Window window)
    {
        for (var bin = 0; bin < series.Sent.Count; bin++)
        {
            if (window.Holds(series.StartNs + (bin * series.BinNs)))
            {
                yield return bin;
            }
        }
    }

    private static bool OnPath(ExpectationPlan expectation, RunResult result, int index) =>
        expectation.Path is null || (index >= 0 && result.Paths[index].Name == expectation.Path);

    private static bool IsMeant(ExpectationPlan expectation, string flow) => expectation.Flow is null || expectation.Flow == flow;
}
