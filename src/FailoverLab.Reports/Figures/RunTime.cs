using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The stretch of time a run's figures span.</summary>
/// <param name="OriginNs">What seconds count from: T+0, or the first thing seen.</param>
/// <param name="EndSeconds">End of the stretch after the origin; above zero.</param>
internal sealed record RunTime(long OriginNs, double EndSeconds)
{
    /// <summary>The stretch of a result: its plan, widened by what was seen.</summary>
    public static RunTime Of(RunResult result)
    {
        var starts = result.Flows.Where(f => f.Series is not null).Select(f => f.Series!.StartNs).ToList();
        var origin = result.StartNs ?? (starts.Count > 0 ? starts.Min() : result.Outages.Select(o => o.StartNs).DefaultIfEmpty().Min());
        var ends = result.Flows
            .Where(f => f.Series is { Received.Count: > 0 })
            .Select(f => f.Series!.StartNs + (f.Series.BinNs * f.Series.Received.Count))
            .Concat(result.Outages.Select(o => o.EndNs ?? o.StartNs))
            .Append(origin + (result.PlannedDurationNs ?? 0));
        return new RunTime(origin, Math.Max(1e-3, (ends.Max() - origin) / 1e9));
    }

    /// <summary>Seconds after the origin.</summary>
    public double Seconds(long atNs) => (atNs - OriginNs) / 1e9;
}
