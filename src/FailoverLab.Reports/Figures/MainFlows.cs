using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The flows worth a lane of their own in a figure: a lab's own signalling would bury the traffic it is about.</summary>
internal static class MainFlows
{
    private const double LeastShare = 0.05;

    /// <summary>Flows with numbers; others only where they carry at least a twentieth of what the busiest flow does.</summary>
    public static IEnumerable<FlowSummary> Of(RunResult result)
    {
        var most = result.Flows.Select(f => f.Received).DefaultIfEmpty(0).Max();
        return result.Flows.Where(f => f.Kind is not (FlowKind.Tcp or FlowKind.Generic) || f.Received >= LeastShare * most);
    }
}
