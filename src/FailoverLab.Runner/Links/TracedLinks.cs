using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Links of a run that a trace drives: nobody holds them against what they were asked, and this is said. Pure.</summary>
internal static class TracedLinks
{
    /// <summary>A caveat for each link that had a trace at any time of the run.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="record">What came of it: a step that never started asked for nothing.</param>
    public static IEnumerable<Caveat> Caveats(RunPlan plan, RunRecord record)
    {
        var started = record.Events.Where(e => e is { Step: not null, StartedNs: not null }).Select(e => e.Step!).ToHashSet(StringComparer.Ordinal);
        foreach (var link in AuditedLink.Of(plan, record))
        {
            var steps = plan.Steps.Where(s => started.Contains(s.Name)).Select(s => s.Action).OfType<LinkChangeStep>().Where(s => s.Link == link.Name).Select(s => s.Change);
            var files = steps.Prepend(link.Down).Prepend(link.Up)
                .Select(c => c.Trace).OfType<TracePlan>().Where(t => !t.IsNone).Select(t => Path.GetFileName(t.File)).Distinct(StringComparer.Ordinal).ToList();
            if (files.Count > 0)
            {
                yield return new Caveat(Caveat.LinkNotAudited, $"{link.Path} was driven by the trace {string.Join(" and ", files)}, which asks something else at each instant: while it was, loss, delay and rate of the link are shown and were not held against it.", [link.Path]);
            }
        }
    }
}
