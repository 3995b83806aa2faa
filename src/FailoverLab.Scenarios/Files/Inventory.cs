using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>What a scenario can name: hosts, groups and links, from hosts.yaml and the topology together.</summary>
internal sealed class Inventory
{
    private readonly Dictionary<string, HostPlan> _hosts;
    private readonly Dictionary<string, IReadOnlyList<HostPlan>> _groups;

    public Inventory(IEnumerable<HostPlan> hosts, Dictionary<string, IReadOnlyList<HostPlan>> groups, TopologyPlan? topology, bool isComplete)
    {
        _hosts = hosts.ToDictionary(h => h.Name, StringComparer.Ordinal);
        _groups = groups;
        Topology = topology;
        IsComplete = isComplete;
    }

    /// <summary>The embedded lab; null when there is none or it could not be read.</summary>
    public TopologyPlan? Topology { get; }

    /// <summary>Whether all of it was read; otherwise a name unknown here is no fault of the scenario.</summary>
    public bool IsComplete { get; }

    /// <summary>WAN links of the embedded lab.</summary>
    public IReadOnlyList<WanLinkPlan> WanLinks => Topology?.WanLinks ?? [];

    /// <summary>Links of real labs.</summary>
    public IReadOnlyList<LinkPlan> RealLinks { get; init; } = [];

    /// <summary>Proxmox VE endpoints.</summary>
    public IReadOnlyList<PvePlan> Pve { get; init; } = [];

    /// <summary>How ssh reaches a host of which nothing is known but its name.</summary>
    public SshConfig Ssh { get; init; } = SshConfig.Nothing;

    /// <summary>All links a scenario can name, those of the embedded lab first.</summary>
    public IReadOnlyList<LinkTarget> Links =>
        [.. WanLinks.Select(l => new LinkTarget(l.Name, l.Path, l.Wanulator, l.Profile, l.ProfileDown)), .. RealLinks.Select(l => new LinkTarget(l.Name, l.Path, l.Host, l.Profile, l.ProfileDown))];

    /// <summary>Hosts in order of the file.</summary>
    public IReadOnlyCollection<HostPlan> Hosts => _hosts.Values;

    /// <summary>Members of each group.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<HostPlan>> Groups => _groups;

    public IReadOnlyList<NodePlan> Nodes => Topology?.Nodes ?? [];

    /// <summary>Whatever probe traffic can end at and programs of the stack can run on: nodes of the embedded lab, and hosts over ssh that say what they have.</summary>
    public IReadOnlyList<NodePlan> Stations =>
    [
        .. Nodes,
        .. Hosts.Where(h => h.Interfaces is not null || h.Program is not null)
            .Select(h => new NodePlan { Name = h.Name, Role = h.Role, Forwards = false, Interfaces = h.Interfaces ?? [], Routes = [], Program = h.Program, ConfigFile = h.ConfigFile }),
    ];

    /// <summary>The station of a host.</summary>
    public NodePlan? Station(string name) => Stations.FirstOrDefault(n => n.Name == name);

    public HostPlan? Host(string name) => _hosts.GetValueOrDefault(name);

    public NodePlan? Node(string name) => Nodes.FirstOrDefault(n => n.Name == name);

    /// <summary>One host by its name.</summary>
    public HostPlan? FindHost(ValueReader value)
    {
        if (value.Text() is not { } name)
        {
            return null;
        }
        if (_hosts.TryGetValue(name, out var host))
        {
            return host;
        }
        if (_groups.TryGetValue(name, out var members))
        {
            value.Error(ScenarioCodes.UnknownHost, $"{value.What} is one host, but '{name}' is a group", $"its hosts: {string.Join(", ", members.Select(m => m.Name))}");
            return null;
        }
        Unknown(value, ScenarioCodes.UnknownHost, "host", name, _hosts.Keys);
        return null;
    }

    /// <summary>Hosts by names of hosts and groups, each host once, in order of the file.</summary>
    public IReadOnlyList<HostPlan> FindHosts(ValueReader value)
    {
        var found = new List<HostPlan>();
        foreach (var item in value.OneOrMany())
        {
            if (item.Text() is not { } name)
            {
                continue;
            }
            if (_groups.TryGetValue(name, out var members))
            {
                found.AddRange(members);
            }
            else if (_hosts.TryGetValue(name, out var host))
            {
                found.Add(host);
            }
            else
            {
                Unknown(item, ScenarioCodes.UnknownHost, "host or group", name, [.. _hosts.Keys, .. _groups.Keys]);
            }
        }
        if (value.Node is YamlSequence { Items.Count: 0 })
        {
            value.Error(ScenarioCodes.EmptyList, $"{value.What} names no host");
        }
        return [.. found.Distinct()];
    }

    /// <summary>Links by name; <c>all</c> is every link.</summary>
    public IReadOnlyList<LinkTarget> FindLinks(ValueReader value)
    {
        var found = new List<LinkTarget>();
        foreach (var item in value.OneOrMany())
        {
            if (item.Text() is not { } name)
            {
                continue;
            }
            IReadOnlyList<LinkTarget> links = name == "all" ? Links : [.. Links.Where(l => l.Name == name)];
            if (links.Count == 0)
            {
                Unknown(item, ScenarioCodes.UnknownLink, "link", name, [.. Links.Select(l => l.Name), "all"]);
            }
            found.AddRange(links);
        }
        if (value.Node is YamlSequence { Items.Count: 0 })
        {
            value.Error(ScenarioCodes.EmptyList, $"{value.What} names no link");
        }
        return [.. found.Distinct()];
    }

    /// <summary>Reports a name that is not known, unless part of the inventory could not be read.</summary>
    public void Unknown(ValueReader value, string code, string kind, string name, IEnumerable<string> known, string? cure = null)
    {
        if (!IsComplete)
        {
            return;
        }
        var names = known.ToList();
        var list = names.Count == 0 ? "there is none" : $"known: {string.Join(", ", names.Take(40))}{(names.Count > 40 ? ", ..." : "")}";
        value.Error(code, $"there is no {kind} '{(name.Length <= 60 ? name.ReplaceLineEndings(" ") : name[..57] + "...")}'; {list}",
            NearestName.Find(name, names) is { } nearest ? $"did you mean '{nearest}'?" : cure);
    }
}
