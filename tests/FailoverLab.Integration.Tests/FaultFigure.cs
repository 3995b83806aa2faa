using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Integration.Tests;

/// <summary>What a fault of a scenario cost in one run: the longest outage that began between it and the next change of a link.</summary>
/// <param name="Step">The step.</param>
/// <param name="LowNs">Lower end of the interval the result states, ns; 0 when nothing was lost.</param>
/// <param name="HighNs">Its upper end, ns.</param>
internal sealed record FaultFigure(string Step, long LowNs, long HighNs)
{
    /// <summary>Whether traffic came back only with the next change of a link: then the outage is as long as these two steps lie apart, which are carried out over ssh some time after their instants.</summary>
    public bool EndsByNextStep { get; private init; }

    private const long EarlyNs = 50_000_000;

    /// <summary>Reads the figures of a finished run.</summary>
    /// <param name="runDirectory">Its directory.</param>
    /// <param name="result">Its result.</param>
    public static IReadOnlyList<FaultFigure> Of(string runDirectory, RunResult result)
    {
        var plan = PlanJson.Read(File.ReadAllText(Path.Combine(runDirectory, "plan.json")));
        var changes = plan.Steps.Where(s => s.Action is LinkChangeStep).DistinctBy(s => s.Position).OrderBy(s => s.At).ToList();
        var probes = result.Flows.Where(f => f.Kind == FlowKind.Probe).Select(f => f.Id).ToHashSet(StringComparer.Ordinal);
        var figures = new List<FaultFigure>();
        for (var i = 0; i < changes.Count; i++)
        {
            if (((LinkChangeStep)changes[i].Action).IsRestore)
            {
                continue;
            }

            // An outage begins with the last packet that came, which is before the fault.
            var fromNs = BeganNs(changes[i]) - EarlyNs;
            var toNs = changes.Skip(i + 1).Select(c => BeganNs(c) - EarlyNs).Where(at => at > fromNs).DefaultIfEmpty(long.MaxValue).Min();
            var longest = result.Outages.Where(o => probes.Contains(o.Flow) && o.StartNs >= fromNs && o.StartNs < toNs).MaxBy(o => o.DurationNs);
            figures.Add(new FaultFigure(changes[i].Name, longest?.LowNs ?? 0, longest?.HighNs ?? longest?.DurationNs ?? 0) { EndsByNextStep = longest is not null && (longest.EndNs ?? long.MaxValue) >= toNs });
        }

        return figures;

        // A slow host changes its link long after the plan's instant; what counts is when it did, as early as that may have been. A step for all links is as many, of one line.
        long BeganNs(StepPlan change) => plan.Steps.Where(s => s.Position == change.Position).Join(result.StartSkewNs!.PerHost, s => s.Name, a => a.Step, (_, a) => a.ActualNs - (a.BoundNs ?? 0))
            .DefaultIfEmpty(result.StartNs!.Value + (change.At.Ticks * 100)).Min();
    }
}
