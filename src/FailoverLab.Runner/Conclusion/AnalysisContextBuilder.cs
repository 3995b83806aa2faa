using FailoverLab.Analysis;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Tells the analysis what the plan and the record know: which flows, paths, routers and faults there were.</summary>
public static class AnalysisContextBuilder
{
    /// <summary>Puts the context of one run together. Pure.</summary>
    public static AnalysisContext Build(RunPlan plan, RunRecord record) => new()
    {
        Flows = [.. plan.Steps.Select(s => s.Action).OfType<TrafficStart>().SelectMany(t => t.Flows).Select(f => Flow(plan, f))],
        Paths = [.. (plan.Topology?.WanLinks ?? []).Select(l => new PathContext(l.Path, l.Site.ToString(), l.Far.ToString())), .. plan.Links.Select(Path).OfType<PathContext>()],
        Routers = [.. plan.Topology is null ? [] : Routers(plan.Topology), .. Routers(plan.Hosts)],
        Faults = [.. Faults(plan, record)],
        Links = [.. LinkAskedBuilder.Build(plan, record)],
        // Those of hosts over ssh come all at once at the end, host by host.
        StackEvents = [.. record.Events.Where(e => e.Kind == RunEventKind.Stack).OrderBy(e => e.AtNs)],
        Reports = [.. record.Captures.Select(c => new PointReport(c.Point, c.Written, c.Dropped))],
        Clocks = [.. record.Captures.Select(c => c.Point).Distinct().SelectMany(p => Clock(p, record.Clocks))],
        Owners = Owners(record),
        StartNs = record.StartNs,
        EndNs = record.EndNs,
    };

    /// <summary>A real link is tapped on both interfaces of the host that carries it, one before and one behind what impairs it.</summary>
    private static PathContext? Path(LinkPlan link) =>
        link.Lan is null ? null : new PathContext(link.Path, new CableEnd(link.Host, link.Lan).ToString(), link.Wan is null ? null : new CableEnd(link.Host, link.Wan).ToString());

    /// <summary>The clock of the host a point belongs to; hosts' names may hold dots too.</summary>
    private static IEnumerable<PointClock> Clock(string point, IReadOnlyList<HostClock> clocks) =>
        clocks.Where(c => point.StartsWith(c.Host + ".", StringComparison.Ordinal)).OrderByDescending(c => c.Host.Length).Take(1)
            .Select(c => new PointClock(point, c.OffsetNs, c.BoundNs) { Host = c.Host });

    /// <summary>Whose an address is; one that several hosts have (anycast, spare gateways) names nobody.</summary>
    private static Dictionary<string, string> Owners(RunRecord record) =>
        record.Addresses.Distinct().GroupBy(a => a.Address, StringComparer.Ordinal).Where(g => g.Count() == 1)
            .ToDictionary(g => g.Key, g => g.Single().Host, StringComparer.Ordinal);

    private static FlowContext Flow(RunPlan plan, FlowPlan flow) =>
        new(flow.Id, flow.Name, flow.From, flow.To, Point(plan, flow.From, flow.Source.ToString()), Point(plan, flow.To, flow.Destination.ToString()));

    /// <summary>The capture point on the interface that has an address.</summary>
    private static string? Point(RunPlan plan, string host, string address)
    {
        var interfaces = plan.Topology?.Nodes.FirstOrDefault(n => n.Name == host)?.Interfaces ?? plan.Hosts.FirstOrDefault(h => h.Name == host)?.Interfaces;
        var owner = interfaces?.FirstOrDefault(i => i.Addresses.Any(a => a.StartsWith(address + "/", StringComparison.Ordinal)));
        return owner is null ? null : new CableEnd(host, owner.Name).ToString();
    }

    /// <summary>A routing server of a real lab is tapped at the first interface its host names: that is where tunnels arrive.</summary>
    private static IEnumerable<RouterContext> Routers(IReadOnlyList<HostPlan> hosts) =>
        hosts.Where(h => h is { Role: "router", Interfaces.Count: > 0 }).Select(h => new RouterContext(h.Name, new CableEnd(h.Name, h.Interfaces![0].Name).ToString()));

    /// <summary>A routing server is tapped where it faces the hub: every tunnelled packet it handles crosses that cable.</summary>
    private static IEnumerable<RouterContext> Routers(TopologyPlan topology)
    {
        var roles = topology.Nodes.ToDictionary(n => n.Name, n => n.Role, StringComparer.Ordinal);
        foreach (var cable in topology.Cables)
        {
            foreach (var (near, far) in new[] { (cable.A, cable.B), (cable.B, cable.A) })
            {
                if (roles.GetValueOrDefault(near.Node) == "router" && roles.GetValueOrDefault(far.Node) == "hub")
                {
                    yield return new RouterContext(near.Node, near.ToString());
                }
            }
        }
    }

    private static IEnumerable<FaultContext> Faults(RunPlan plan, RunRecord record)
    {
        var started = record.Events.Where(e => e is { Step: not null, StartedNs: not null })
            .GroupBy(e => e.Step!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var step in plan.Steps)
        {
            if (!started.TryGetValue(step.Name, out var actual))
            {
                continue;
            }

            switch (step.Action)
            {
                case LinkChangeStep change:
                    var path = plan.Links.FirstOrDefault(l => l.Name == change.Link)?.Path ?? plan.Topology!.WanLinks.First(l => l.Name == change.Link).Path;
                    yield return new FaultContext(step.Name, actual.StartedNs!.Value, actual.AcknowledgedNs, change.IsRestore) { Path = path };
                    break;
                case StackKill:
                    yield return new FaultContext(step.Name, actual.StartedNs!.Value, actual.AcknowledgedNs, IsRestore: false) { Router = step.Host };
                    break;
            }
        }
    }
}
