using System.Net;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>What must hold between the parts of a topology; remembers what it has seen.</summary>
internal sealed class TopologyRules(DiagnosticBag bag)
{
    private readonly Dictionary<string, NodePlan> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, (string End, SourcePosition Position)> _addresses = [];
    private readonly Dictionary<CableEnd, SourcePosition> _cabled = [];
    private readonly Dictionary<string, SourcePosition> _wanulators = new(StringComparer.Ordinal);
    private readonly Dictionary<CableEnd, SourcePosition> _interfacePositions = [];
    private bool _hasFaultyEnd;

    public void Add(NodePlan node) => _nodes.TryAdd(node.Name, node);

    public void CheckAddress(InterfaceAddress address, string end, SourcePosition position)
    {
        if (!InterfaceAddress.IsDocumentation(address.Address))
        {
            bag.Error(ScenarioCodes.ForeignAddress, position, $"address {address.Address} of {end} is outside the documentation ranges",
                $"take one from {InterfaceAddress.Ranges}");
        }
        if (_addresses.TryGetValue(address.Address, out var first))
        {
            bag.Error(ScenarioCodes.DuplicateAddress, position, $"address {address.Address} of {end} is also that of {first.End} (line {first.Position.Line})");
        }
        else
        {
            _addresses.Add(address.Address, (end, position));
        }
    }

    public void CheckBridges(string node, IReadOnlyList<(InterfacePlan Plan, SourcePosition Position)> interfaces)
    {
        var byName = interfaces.ToDictionary(i => i.Plan.Name, i => i.Plan, StringComparer.Ordinal);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (bridge, position) in interfaces)
        {
            _interfacePositions.TryAdd(new CableEnd(node, bridge.Name), position);
            foreach (var port in bridge.BridgePorts)
            {
                var fault = !byName.TryGetValue(port, out var member) ? "is not an interface of the node"
                    : member.Addresses.Count > 0 ? "has addresses of its own"
                    : member.BridgePorts.Count > 0 ? "is a bridge itself"
                    : !owners.TryAdd(port, bridge.Name) ? $"already belongs to '{owners[port]}'"
                    : null;
                if (fault is not null)
                {
                    bag.Error(ScenarioCodes.BridgePort, position, $"bridge port '{port}' of {node}.{bridge.Name} {fault}");
                }
            }
        }
    }

    public void CheckNextHop(IPAddress via, IReadOnlyList<InterfacePlan> interfaces, SourcePosition position)
    {
        var reached = interfaces.SelectMany(i => i.Addresses).Any(a => InterfaceAddress.TryParse(a, out var address) && address.Value.Reaches(via));
        if (!reached)
        {
            bag.Error(ScenarioCodes.UnreachableNextHop, position,
                $"next hop {via} is on no network of {(interfaces.Count == 1 ? $"'{interfaces[0].Name}'" : "this node's interfaces")}");
        }
    }

    /// <summary>The interface a <c>node.interface</c> text names; one cable each.</summary>
    public CableEnd? End(ValueReader value)
    {
        var end = KnownEnd(value);
        if (end is null)
        {
            _hasFaultyEnd = true;
        }
        else
        {
            Plug(end, value);
        }
        return end;
    }

    private CableEnd? KnownEnd(ValueReader value)
    {
        if (value.Text(t => t.IndexOf('.', StringComparison.Ordinal) > 0, "node.interface, as traffic.lan") is not { } text)
        {
            return null;
        }
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var end = new CableEnd(text[..dot], text[(dot + 1)..]);
        if (!_nodes.TryGetValue(end.Node, out var node))
        {
            value.Error(ScenarioCodes.UnknownEnd, $"there is no node '{end.Node}'; known: {string.Join(", ", _nodes.Keys)}", Nearest(end.Node, _nodes.Keys));
            return null;
        }
        var names = node.Interfaces.Where(i => i.BridgePorts.Count == 0).Select(i => i.Name).ToList();
        if (!names.Contains(end.Interface))
        {
            value.Error(ScenarioCodes.UnknownEnd, $"node '{end.Node}' has no interface '{end.Interface}' to plug a cable into; known: {string.Join(", ", names)}", Nearest(end.Interface, names));
            return null;
        }
        return end;
    }

    public string? Wanulator(ValueReader value, string role)
    {
        var known = _nodes.Values.Where(n => n.Role == role).Select(n => n.Name).ToList();
        if (value.Text() is not { } name)
        {
            _hasFaultyEnd = true;
            return null;
        }
        if (!known.Contains(name))
        {
            _hasFaultyEnd = true;
            value.Error(ScenarioCodes.Wanulator, $"'{name}' is no node of role {role}; known: {string.Join(", ", known)}", Nearest(name, known));
            return null;
        }
        var interfaces = _nodes[name].Interfaces.Select(i => i.Name).ToList();
        if (!interfaces.Contains("lan") || !interfaces.Contains("wan"))
        {
            value.Error(ScenarioCodes.Wanulator, $"WANulator '{name}' lacks the interface '{(interfaces.Contains("lan") ? "wan" : "lan")}'", "leave its interfaces out: it has lan and wan by itself");
            return null;
        }
        if (_wanulators.TryGetValue(name, out var first))
        {
            value.Error(ScenarioCodes.Wanulator, $"WANulator '{name}' already serves the link in line {first.Line}", "one link each");
            return null;
        }
        _wanulators.Add(name, value.Position);
        Plug(new CableEnd(name, "lan"), value);
        Plug(new CableEnd(name, "wan"), value);
        return name;
    }

    /// <summary>Reports interfaces no cable ends in; bridges need none. Silent while an end is faulty: it may be the missing one.</summary>
    public void CheckAllCabled(IEnumerable<NodePlan> nodes)
    {
        if (_hasFaultyEnd)
        {
            return;
        }
        foreach (var node in nodes)
        {
            foreach (var bare in node.Interfaces.Where(i => i.BridgePorts.Count == 0).Select(i => new CableEnd(node.Name, i.Name)).Where(e => !_cabled.ContainsKey(e)))
            {
                bag.Error(ScenarioCodes.NotCabled, _interfacePositions[bare], $"interface {bare} has no cable");
            }
        }
    }

    private void Plug(CableEnd end, ValueReader value)
    {
        if (_cabled.TryGetValue(end, out var first))
        {
            value.Error(ScenarioCodes.CabledTwice, $"interface {end} already has a cable (line {first.Line})");
        }
        else
        {
            _cabled.Add(end, value.Position);
        }
    }

    private static string? Nearest(string seen, IEnumerable<string> known) =>
        NearestName.Find(seen, known) is { } nearest ? $"did you mean '{nearest}'?" : null;
}
