using System.Net;
using System.Net.Sockets;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads a traffic step into probe flows, addresses taken from the topology or the hosts file.</summary>
internal sealed class TrafficReader(Inventory inventory, PlanBuilder plan, DiagnosticBag bag)
{
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(1);
    public const int DefaultSize = 64;

    // The probe's size code as the probing side defines it; this project knows plans, not packets. A test compares them.
    public const string CodedWord = "coded";
    public const int SmallestCodedSize = 64;
    public const int LargestCodedSize = 304;

    private static readonly Dictionary<string, AddressFamily> Families = new(StringComparer.Ordinal)
    {
        ["ipv4"] = AddressFamily.InterNetwork,
        ["ipv6"] = AddressFamily.InterNetworkV6,
    };

    public IReadOnlyList<StepEntry> Read(ValueReader value)
    {
        if (value.Mapping("a traffic step") is not { } traffic)
        {
            return [];
        }
        var between = Ends(traffic.Require("between"));
        var families = FamiliesOf(traffic.Optional("families"));
        var directions = traffic.Optional("directions").OneOf("both", "forward", "backward") ?? "both";
        var interval = traffic.Optional("interval").Duration(TimeSpan.FromMicroseconds(100), TimeSpan.FromSeconds(10)) ?? DefaultInterval;
        var (size, isCoded) = SizeOf(traffic.Optional("size"));
        traffic.Finish();
        if (between is not [var near, var far])
        {
            return [];
        }
        var pairs = new List<(NodePlan From, NodePlan To)>();
        if (directions != "backward")
        {
            pairs.Add((near, far));
        }
        if (directions != "forward")
        {
            pairs.Add((far, near));
        }
        var entries = new List<StepEntry>();
        foreach (var (from, to) in pairs)
        {
            var flows = families.Select(f => Flow(from, to, f, interval, size, isCoded, traffic.PositionOf("between"))).OfType<FlowPlan>().ToList();
            entries.Add(new StepEntry(from.Name, from.Name, new TrafficStart(flows),
                $"send {(isCoded ? $"{SmallestCodedSize} to {LargestCodedSize} B in code" : $"{size} B")} every {DurationText.Format(interval)} to {string.Join(" and ", flows.Select(f => new IPEndPoint(f.Destination, f.Port).ToString()))}", "stop traffic"));
        }
        return entries;
    }

    /// <summary>A number of bytes, or the word for sizes that follow the code.</summary>
    private static (int Size, bool IsCoded) SizeOf(ValueReader value) =>
        value.Node is YamlScalar { Text: CodedWord }
            ? (SmallestCodedSize, true)
            : ((int)(value.WholeNumber(32, 1400, "B") ?? DefaultSize), false);

    private List<NodePlan> Ends(ValueReader value)
    {
        var nodes = new List<NodePlan>();
        var items = value.Items();
        foreach (var item in items)
        {
            if (inventory.FindHost(item) is not { } host)
            {
                continue;
            }
            if (inventory.Station(host.Name) is not { } node)
            {
                item.Error(ScenarioCodes.UnableHost, $"nothing says at which address of host '{host.Name}' probe traffic would end",
                    host.Transport == HostTransport.Ssh ? "give it 'interfaces' with their addresses in the hosts file, or use 'run' with a traffic tool of its own" : "use 'run' with a traffic tool of its own");
            }
            else if (nodes.Contains(node))
            {
                item.Error(ScenarioCodes.UnableHost, $"both ends of the traffic are '{host.Name}'", "name two hosts");
            }
            else
            {
                nodes.Add(node);
            }
        }
        if (nodes is [var one, var other] && inventory.Node(one.Name) is null != inventory.Node(other.Name) is null)
        {
            value.Error(ScenarioCodes.UnableHost, $"one of '{one.Name}' and '{other.Name}' is a node of the embedded lab and the other is not, and nothing connects them", "name two hosts of one lab");
        }
        if (items.Count != 2 && value.Node is YamlSequence)
        {
            value.Error(ScenarioCodes.EmptyList, $"'between' names two hosts, but here stand {items.Count}", "write between: [traffic, business]");
            return [];
        }
        return nodes;
    }

    private static List<AddressFamily> FamiliesOf(ValueReader value)
    {
        if (!value.IsPresent)
        {
            return [.. Families.Values];
        }
        if (value.Node is YamlSequence { Items.Count: 0 })
        {
            value.Error(ScenarioCodes.EmptyList, "'families' names no address family", "write families: [ipv4, ipv6]");
        }
        return [.. value.OneOrMany().Select(v => v.OneOf(Families)).OfType<AddressFamily>().Distinct()];
    }

    private FlowPlan? Flow(NodePlan from, NodePlan to, AddressFamily family, TimeSpan interval, int size, bool isCoded, SourcePosition position)
    {
        var (source, destination) = (AddressOf(from, family, position), AddressOf(to, family, position));
        return source is null || destination is null ? null : plan.AddFlow(from.Name, to.Name, source, destination, interval, size, isCoded);
    }

    /// <summary>Address of the node's first interface that has one of the family.</summary>
    private IPAddress? AddressOf(NodePlan node, AddressFamily family, SourcePosition position)
    {
        foreach (var text in node.Interfaces.SelectMany(i => i.Addresses))
        {
            if (InterfaceAddress.TryParse(text, out var address) && address.Value.Address.AddressFamily == family)
            {
                return address.Value.Address;
            }
        }
        var word = family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
        bag.Error(ScenarioCodes.NoAddress, position, $"host '{node.Name}' has no {word} address", "give it one in the topology or in the hosts file, or leave the family out of 'families'");
        return null;
    }
}
