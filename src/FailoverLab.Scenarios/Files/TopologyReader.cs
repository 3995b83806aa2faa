using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads the topology of the embedded lab.</summary>
internal sealed class TopologyReader(DiagnosticBag bag)
{
    private const string WanulatorRole = "wanulator";
    private readonly TopologyRules _rules = new(bag);
    private readonly ProfileFinder _profiles = new(bag);

    /// <summary>Reads a topology.</summary>
    /// <param name="root">The file's root; null when it could not be read.</param>
    /// <param name="path">The file; names inside are relative to it.</param>
    /// <returns>The topology, or null when the file could not be read whole; then a fault was reported.</returns>
    public TopologyPlan? Read(YamlNode? root, string path)
    {
        if (MappingReader.Open(root, bag, "the topology file") is not { } reader)
        {
            return null;
        }
        VersionRule.Check(reader);
        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var nodes = reader.Require("nodes").Entries().Select(e => Node(e.Key, e.Value, directory)).ToList();
        var cables = reader.Optional("cables").Items().Select(Cable).OfType<CablePlan>().ToList();
        var wan = reader.Optional("wan").Entries().Select(e => WanLink(e.Key, e.Value)).OfType<WanLinkPlan>().ToList();
        reader.Finish();
        if (!reader.IsComplete)
        {
            return null;
        }
        _rules.CheckAllCabled(nodes);
        return new TopologyPlan { File = Path.GetFullPath(path), Nodes = nodes, Cables = cables, WanLinks = wan };
    }

    private NodePlan Node(YamlScalar key, ValueReader value, string directory)
    {
        if (!NameForm.IsNode(key.Text))
        {
            bag.Error(YamlCodes.Form, key.Position, $"'{key.Text.ReplaceLineEndings(" ")}' is not {NameForm.NodeWords}");
        }
        var node = value.Mapping($"node '{key.Text}'");
        var role = node?.Require("role").Text(NameForm.IsNode, "a role (1 to 32 of a-z 0-9 -)") ?? "";
        var forwards = node?.Optional("forwards").Flag() ?? false;
        var interfaces = Interfaces(key, role, node?.Optional("interfaces"));
        _rules.CheckBridges(key.Text, interfaces);
        var plans = interfaces.Select(i => i.Plan).ToList();
        var routes = node?.Optional("routes").Items().Select(r => Route(r, plans)).OfType<RoutePlan>().ToList() ?? [];
        var (program, config) = Program(node, directory);
        node?.Finish();
        var plan = new NodePlan { Name = key.Text, Role = role, Forwards = forwards, Interfaces = plans, Routes = routes, Program = program, ConfigFile = config };
        _rules.Add(plan);
        return plan;
    }

    private List<(InterfacePlan Plan, SourcePosition Position)> Interfaces(YamlScalar nodeKey, string role, ValueReader? value)
    {
        var node = nodeKey.Text;
        var result = new List<(InterfacePlan, SourcePosition)>();
        foreach (var (key, entry) in value?.Entries() ?? [])
        {
            if (!NameForm.IsInterface(key.Text))
            {
                bag.Error(YamlCodes.Form, key.Position, $"'{key.Text.ReplaceLineEndings(" ")}' is not {NameForm.InterfaceWords}");
            }
            IReadOnlyList<ValueReader> addresses = [];
            IReadOnlyList<string> ports = [];
            if (entry.Node is YamlMapping && entry.Mapping($"interface '{node}.{key.Text}'") is { } mapping)
            {
                addresses = mapping.Optional("addresses").OneOrMany();
                ports = [.. mapping.Optional("bridge").Items().Select(p => p.Text()).OfType<string>()];
                mapping.Finish();
            }
            else if (!entry.IsEmpty)
            {
                addresses = entry.OneOrMany();
            }
            result.Add((new InterfacePlan(key.Text, [.. addresses.Select(a => Address(a, $"{node}.{key.Text}")).OfType<string>()], ports), key.Position));
        }
        if (role == WanulatorRole && result.Count == 0)
        {
            // A WANulator always has these two; naming them in every file would say nothing.
            result.Add((new InterfacePlan("lan", [], []), nodeKey.Position));
            result.Add((new InterfacePlan("wan", [], []), nodeKey.Position));
        }
        return result;
    }

    private string? Address(ValueReader value, string end)
    {
        var text = value.Text(t => InterfaceAddress.TryParse(t, out _), "an address with prefix length, as 192.0.2.2/28");
        if (text is null || !InterfaceAddress.TryParse(text, out var address))
        {
            return null;
        }
        _rules.CheckAddress(address.Value, end, value.Position);
        return text;
    }

    private RoutePlan? Route(ValueReader value, List<InterfacePlan> interfaces)
    {
        var route = value.Mapping("a route");
        var to = route?.Require("to").Text(t => t == "default" || InterfaceAddress.TryParse(t, out _), "'default' or a prefix, as 198.51.100.0/24");
        var via = route?.Require("via").Address();
        var device = route?.Optional("device");
        var name = device?.OneOf([.. interfaces.Select(i => i.Name)]);
        var metric = route?.Optional("metric").WholeNumber(1, 1_000_000) ?? 0;
        route?.Finish();
        if (route is null || to is null || via is null)
        {
            return null;
        }
        _rules.CheckNextHop(via, device is { IsPresent: true } && name is not null ? [.. interfaces.Where(i => i.Name == name)] : interfaces, route.PositionOf("via"));
        if (to != "default" && InterfaceAddress.TryParse(to, out var target) && target.Value.Address.AddressFamily != via.AddressFamily)
        {
            bag.Error(ScenarioCodes.UnreachableNextHop, route.PositionOf("via"), $"next hop {via} and destination {to} are of different families");
        }
        return new RoutePlan(to, via.ToString(), name, (int)metric);
    }

    private static (string? Program, string? ConfigFile) Program(MappingReader? node, string directory)
    {
        var program = node?.Optional("program");
        var config = node?.Optional("config");
        if (program is null || config is null)
        {
            return (null, null);
        }
        var verb = program.OneOf("router", "endpoint", "balancer", "controller");
        var file = config.Text(t => !t.Contains('\0', StringComparison.Ordinal), "a file name");
        if (program.IsPresent != config.IsPresent)
        {
            var (there, absent) = program.IsPresent ? (program, "config") : (config, "program");
            there.Error(ScenarioCodes.ProgramConfig, $"{there.What} stands without '{absent}'", "a node that runs a program of the failover stack has both");
            return (null, null);
        }
        if (verb is null || file is null)
        {
            return (null, null);
        }
        var path = Path.GetFullPath(file, directory);
        if (!File.Exists(path))
        {
            config.Error(ScenarioCodes.ProgramConfig, $"the config file '{file}' is not there", "its name is relative to the topology's own directory");
        }
        return (verb, path);
    }

    private CablePlan? Cable(ValueReader value)
    {
        var ends = value.Items();
        if (ends.Count != 2)
        {
            if (value.Node is YamlSequence)
            {
                value.Error(YamlCodes.Form, $"a cable has two ends, but here stand {ends.Count}", "write [traffic.lan, endpoint.lan]");
            }
            return null;
        }
        var (a, b) = (_rules.End(ends[0]), _rules.End(ends[1]));
        return a is null || b is null ? null : new CablePlan(a, b);
    }

    private WanLinkPlan? WanLink(YamlScalar key, ValueReader value)
    {
        if (!NameForm.IsNode(key.Text))
        {
            bag.Error(YamlCodes.Form, key.Position, $"'{key.Text.ReplaceLineEndings(" ")}' is not a link name (1 to 32 of a-z 0-9 -)");
        }
        if (value.Mapping($"WAN link '{key.Text}'") is not { } link)
        {
            return null;
        }
        var wanulator = _rules.Wanulator(link.Require("wanulator"), WanulatorRole);
        var vm = link.Require("vm").WholeNumber(1, 999_999_999);
        var site = _rules.End(link.Require("site"));
        var far = _rules.End(link.Require("far"));
        var (up, down) = new GoodLinkReader(bag, _profiles).Read(link.Optional("profile"));
        link.Finish();
        return wanulator is null || vm is null || site is null || far is null ? null : new WanLinkPlan
        {
            Name = key.Text,
            Path = key.Text,
            Wanulator = wanulator,
            VmId = (int)vm,
            Site = site,
            Far = far,
            Profile = up,
            ProfileDown = down == up ? null : down,
        };
    }
}
