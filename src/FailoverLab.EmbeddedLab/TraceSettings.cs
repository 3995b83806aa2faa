using System.Collections.Concurrent;
using FailoverLab.Emulator;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>Traces of a plan as the emulator runs them; each file is read once.</summary>
internal static class TraceSettings
{
    private static readonly ConcurrentDictionary<string, LinkTrace> Read = new(StringComparer.Ordinal);

    // A trace that is named again goes on, which the emulator knows by its being the same; and no link stands still while thousands of rows are made.
    private static readonly ConcurrentDictionary<TracePlan, (DeliveryTrace? Deliveries, ConditionTrace? Conditions)> Made = new();

    /// <summary>Reads a trace ahead, so that a change of a running link need not.</summary>
    /// <exception cref="InvalidOperationException">The file has a fault it did not have when the plan was read.</exception>
    public static LinkTrace Load(TracePlan trace) => Read.GetOrAdd(trace.File, file =>
    {
        var bag = new DiagnosticBag();
        return TraceFile.Read(file, bag) ?? throw new InvalidOperationException(string.Join('\n', bag.Sorted()));
    });

    /// <summary>Every trace a plan names.</summary>
    public static void LoadAll(RunPlan plan)
    {
        var links = (plan.Topology?.WanLinks ?? []).SelectMany(l => new[] { l.Profile, l.ProfileDown });
        foreach (var trace in links.Concat(plan.Steps.Select(s => (s.Action as LinkChangeStep)?.Change)).Select(c => c?.Trace).OfType<TracePlan>().Where(t => !t.IsNone))
        {
            Made.GetOrAdd(trace, Make);
        }
    }

    /// <summary>Settings with a trace in place of the one they have.</summary>
    public static LinkImpairments Apply(LinkImpairments now, TracePlan plan)
    {
        var bare = now with { Deliveries = null, Conditions = null };
        if (plan.IsNone)
        {
            return bare;
        }

        var (deliveries, conditions) = Made.GetOrAdd(plan, Make);
        return bare with { Deliveries = deliveries, Conditions = conditions };
    }

    private static (DeliveryTrace?, ConditionTrace?) Make(TracePlan plan)
    {
        var trace = Load(plan);
        long? start = plan.Clock == TraceClock.Wall ? 0 : null;
        return trace.OpportunitiesNs.Count > 0
            ? (new DeliveryTrace(trace.OpportunitiesNs, trace.LengthNs, LinkTrace.OpportunityBytes, start), null)
            : (null, new ConditionTrace([.. trace.Rows.Select(Row)], trace.LengthNs, Repeats: true, start));
    }

    /// <summary>A row as the emulator plays it.</summary>
    internal static ConditionRow Row(TraceRow row) => new()
    {
        AtNs = row.AtNs,
        Delay = row.Delay,
        Jitter = row.Jitter,
        JitterModel = row.Jitter is null ? null : UniformJitter.Around,
        Loss = row.Loss,
        Duplicate = row.Duplicate,
        Rate = row.Rate,
        QueueLimitPackets = row.QueuePackets,
    };
}
