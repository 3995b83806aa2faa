using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads hosts.yaml and the topology it names, and holds them against each other.</summary>
internal sealed class InventoryReader(DiagnosticBag bag)
{
    public Inventory Read(string hostsPath)
    {
        var root = YamlReader.ReadFile(hostsPath, bag);
        var config = AnsibleReader.IsInventory(root) ? new AnsibleReader(bag).Read(root) : new HostsReader(bag).Read(root);
        var topology = config is { LabFile: { } lab } ? ReadTopology(hostsPath, lab, config) : null;
        return Merge(config, topology);
    }

    /// <summary>Puts the two files together.</summary>
    /// <param name="config">The hosts file; null when it could not be read.</param>
    /// <param name="topology">The lab; null when there is none or it could not be read.</param>
    public Inventory Merge(HostsConfig? config, TopologyPlan? topology)
    {
        if (config is null)
        {
            return new Inventory([], [], null, isComplete: false);
        }
        var isComplete = config.IsComplete && (config.LabFile is null || topology is not null);
        var hosts = Hosts(config, topology, isComplete);
        var known = new Inventory(hosts, [], topology, isComplete);
        var real = new RealLinkRules(bag).Make(config, known);
        if (real.Any(l => l.Host == RealLinkRules.ThisMachine) && known.Host(RealLinkRules.ThisMachine) is null)
        {
            hosts.Add(new HostPlan(RealLinkRules.ThisMachine, HostTransport.Local, ""));
        }
        var wan = Links(config, topology?.WanLinks ?? [], known);
        CheckNames(config, wan, real);
        topology = topology is null ? null : topology with { WanLinks = wan };
        return new Inventory(hosts, Groups(config, known), topology, isComplete) { RealLinks = real, Pve = config.Pve, Ssh = config.Ssh };
    }

    private TopologyPlan? ReadTopology(string hostsPath, string lab, HostsConfig config)
    {
        if (lab.Contains('\0', StringComparison.Ordinal))
        {
            bag.Error(YamlCodes.Form, config.LabPosition, "'lab' is not a file name");
            return null;
        }
        // The path stays as short as the person would write it, so that editors find the place.
        var path = Path.Combine(Path.GetDirectoryName(hostsPath) ?? "", lab);
        if (!File.Exists(path))
        {
            bag.Error(YamlCodes.Unreadable, config.LabPosition, $"the topology '{path}' is not there");
            return null;
        }
        return new TopologyReader(bag).Read(YamlReader.ReadFile(path, bag), path);
    }

    private List<HostPlan> Hosts(HostsConfig config, TopologyPlan? topology, bool isComplete)
    {
        var hosts = new List<HostPlan>();
        foreach (var host in config.Hosts.DistinctBy(h => h.Name))
        {
            var node = topology?.Nodes.FirstOrDefault(n => n.Name == host.Name);
            var transport = host.Transport ?? HostTransport.Ssh;
            if (transport == HostTransport.Netns && node is null && isComplete)
            {
                bag.Error(ScenarioCodes.HostClash, host.Position, $"host '{host.Name}' has transport netns, but the lab has no node of that name",
                    topology is null ? "name the topology with 'lab:'" : NearestName.Find(host.Name, topology.Nodes.Select(n => n.Name)) is { } near ? $"did you mean '{near}'?" : null);
            }
            if (node is not null && transport != HostTransport.Netns)
            {
                bag.Error(ScenarioCodes.HostClash, host.Position, $"host '{host.Name}' is a node of the lab, so its transport is netns", "write transport: netns");
            }
            if (node is not null && host.Role is not null && host.Role != node.Role)
            {
                bag.Error(ScenarioCodes.HostClash, host.Position, $"host '{host.Name}' has role '{host.Role}' here, but '{node.Role}' in the topology");
            }
            if (transport != HostTransport.Ssh && host.Ssh.FirstKey is { } key)
            {
                bag.Error(ScenarioCodes.SshWithoutMeaning, key, $"host '{host.Name}' has transport {transport.ToString().ToLowerInvariant()}, so ssh is not asked for it", "take the keys of ssh away, or the transport");
            }
            if (transport != HostTransport.Ssh && host.Station is { } station)
            {
                bag.Error(ScenarioCodes.SshWithoutMeaning, station.Position, $"host '{host.Name}' has transport {transport.ToString().ToLowerInvariant()}, and 'interfaces' and 'stack' are for hosts over ssh",
                    transport == HostTransport.Netns ? "those of a node stand in the topology" : "take the keys away, or the transport");
            }
            hosts.Add(new HostPlan(host.Name, transport, host.Role ?? node?.Role ?? "")
            {
                Ssh = transport == HostTransport.Ssh ? host.Ssh.Over(config.Ssh).ToPlan() : null,
                Interfaces = host.Station?.Interfaces,
                Program = host.Station?.Program,
                ConfigFile = host.Station?.ConfigFile,
            });
        }
        var listed = hosts.Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        hosts.AddRange((topology?.Nodes ?? []).Where(n => !listed.Contains(n.Name)).Select(n => new HostPlan(n.Name, HostTransport.Netns, n.Role)));
        return hosts;
    }

    private Dictionary<string, IReadOnlyList<HostPlan>> Groups(HostsConfig config, Inventory known)
    {
        var groups = new Dictionary<string, IReadOnlyList<HostPlan>>(StringComparer.Ordinal);
        foreach (var group in config.Groups)
        {
            if (known.Host(group.Name) is not null)
            {
                bag.Error(ScenarioCodes.GroupClash, group.Position, $"'{group.Name}' is a host and a group", "give the group another name");
            }
            groups[group.Name] = [.. group.Members.Select(known.FindHost).Concat((group.Names ?? []).Select(known.Host)).OfType<HostPlan>().Distinct()];
        }
        return groups;
    }

    private List<WanLinkPlan> Links(HostsConfig config, IReadOnlyList<WanLinkPlan> topology, Inventory known)
    {
        var links = topology.ToList();
        foreach (var written in config.Links.Where(l => l.Real is null))
        {
            var index = links.FindIndex(l => l.Name == written.Name);
            if (written.HasRealKeys)
            {
                bag.Error(ScenarioCodes.LinkKey, written.Position, index < 0 ? $"link '{written.Name}' does not say what changes it" : $"link '{written.Name}' is one of the embedded lab, and takes 'path' and 'wanulator' only",
                    index < 0 ? $"add 'driver': {string.Join(", ", LinkMapReader.Drivers.Keys)}" : "its ends and its profile stand in the topology");
            }
            else if (index < 0)
            {
                known.Unknown(new ValueReader(null, written.Position, bag, "link"), ScenarioCodes.UnknownLink, "link", written.Name, topology.Select(l => l.Name), "a link of a real lab says what changes it with 'driver'");
            }
            if (index < 0)
            {
                continue;
            }
            if (written.Wanulator is { } wanulator && wanulator != links[index].Wanulator)
            {
                bag.Error(ScenarioCodes.LinkClash, written.WanulatorPosition, $"link '{written.Name}' goes through '{wanulator}' here, but through '{links[index].Wanulator}' in the topology");
            }
            links[index] = links[index] with { Path = written.Path ?? links[index].Path };
        }
        return links;
    }

    /// <summary>No two links share a name or a path, whichever lab they are of.</summary>
    private void CheckNames(HostsConfig config, IReadOnlyList<WanLinkPlan> wan, IReadOnlyList<LinkPlan> real)
    {
        foreach (var clash in config.Links.Where(l => l.Real is not null && wan.Any(w => w.Name == l.Name)))
        {
            bag.Error(ScenarioCodes.LinkClash, clash.Position, $"link '{clash.Name}' is one of the embedded lab already", "give the real link another name");
        }
        var all = wan.Select(l => (l.Name, l.Path)).Concat(real.Select(l => (l.Name, l.Path)));
        foreach (var twice in all.DistinctBy(l => l.Name).GroupBy(l => l.Path, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var position = config.Links.LastOrDefault(l => (l.Path ?? l.Name) == twice.Key)?.Position ?? config.LabPosition;
            bag.Error(ScenarioCodes.LinkClash, position, $"links {string.Join(" and ", twice.Select(l => l.Name))} have one path name, '{twice.Key}'");
        }
    }
}
