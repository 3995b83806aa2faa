using System.Globalization;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>Turns a topology into the literal <c>ip -batch</c> lines and sysctls that build it. Pure, so that it can be printed and tested.</summary>
public static class TopologyCommands
{
    // Above what a node's own interfaces (loopback, bridge, TUN) take.
    private const int FirstIndex = 100;

    private static readonly (string Key, string Value)[] EveryNode =
    [
        // Duplicate address detection would hold every IPv6 address back for a second.
        ("net/ipv6/conf/all/accept_dad", "0"),
        ("net/ipv6/conf/default/accept_dad", "0"),
        ("net/ipv6/conf/default/dad_transmits", "0"),
        ("net/ipv6/conf/default/router_solicitations", "0"),
        ("net/ipv6/conf/default/accept_ra", "0"),
        // Replies may leave through another interface than the one the path's packets came in by.
        ("net/ipv4/conf/all/rp_filter", "0"),
        ("net/ipv4/conf/default/rp_filter", "0"),
        ("net/ipv4/conf/all/send_redirects", "0"),
        ("net/ipv4/conf/default/send_redirects", "0"),
        ("net/ipv4/ping_group_range", "0 0"),
    ];

    /// <summary>Sysctls of a node, set before its interfaces exist, as path below <c>/proc/sys</c> and value.</summary>
    public static IReadOnlyList<(string Key, string Value)> Sysctls(NodePlan node)
    {
        var list = new List<(string, string)>(EveryNode);
        if (node.Forwards)
        {
            list.Add(("net/ipv4/ip_forward", "1"));
            list.Add(("net/ipv6/conf/all/forwarding", "1"));
        }

        return list;
    }

    /// <summary>
    /// Batch lines for the lab's own namespace: every cable, both ends moved into their nodes. No two ends share an interface index:
    /// the kernel holds back the carrier events of a veth whose ends have equal ones for up to a second, or swallows them.
    /// </summary>
    public static IReadOnlyList<string> Cables(TopologyPlan topology) =>
        [.. AllCables(topology).Select((c, i) =>
            $"link add name {c.A.Interface} index {FirstIndex + (2 * i)} netns {c.A.Node} "
            + $"type veth peer name {c.B.Interface} index {FirstIndex + (2 * i) + 1} netns {c.B.Node}")];

    /// <summary>Every cable: the direct ones, and both halves of each WAN link.</summary>
    public static IEnumerable<CablePlan> AllCables(TopologyPlan topology) =>
        topology.Cables.Concat(topology.WanLinks.SelectMany(l => new[]
        {
            new CablePlan(l.Site, new CableEnd(l.Wanulator, WanulatorPorts.Lan)),
            new CablePlan(new CableEnd(l.Wanulator, WanulatorPorts.Wan), l.Far),
        }));

    /// <summary>Batch lines inside a node: bridges, addresses, links up, routes; in an order the kernel accepts.</summary>
    public static IReadOnlyList<string> Node(TopologyPlan topology, NodePlan node)
    {
        var lines = new List<string> { "link set dev lo up" };
        foreach (var bridge in node.Interfaces.Where(i => i.BridgePorts.Count > 0))
        {
            lines.Add($"link add name {bridge.Name} type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
            lines.AddRange(bridge.BridgePorts.Select(port => $"link set dev {port} master {bridge.Name}"));
        }

        var cabled = AllCables(topology).SelectMany(c => new[] { c.A, c.B }).Where(e => e.Node == node.Name).Select(e => e.Interface);
        foreach (var name in cabled.Concat(node.Interfaces.Select(i => i.Name)).Distinct(StringComparer.Ordinal))
        {
            lines.Add($"link set dev {name} up");
        }

        foreach (var item in node.Interfaces)
        {
            lines.AddRange(item.Addresses.Select(a => $"address add {a} dev {item.Name}{(IsIPv6(a) ? " nodad" : "")}"));
        }

        lines.AddRange(node.Routes.Select(Route));
        return lines;
    }

    private static string Route(RoutePlan route)
    {
        // A batch line takes no family option; the prefix says it.
        var to = route.To == "default" && IsIPv6(route.Via) ? "::/0" : route.To;
        var device = route.Device is null ? "" : $" dev {route.Device}";
        var metric = route.Metric == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" metric {route.Metric}");
        return $"route add {to} via {route.Via}{device}{metric}";
    }

    private static bool IsIPv6(string text) => text.Contains(':', StringComparison.Ordinal);
}
