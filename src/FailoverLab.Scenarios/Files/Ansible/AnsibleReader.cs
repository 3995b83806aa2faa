using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>
/// Reads an Ansible inventory in YAML: groups of hosts, children and variables. What Ansible has no word for stands in the variable
/// <c>failoverlab</c> of the group <c>all</c>: lab, ssh, links and pve, as in a hosts file of ours.
/// </summary>
internal sealed class AnsibleReader(DiagnosticBag bag)
{
    private const string Root = "all";
    private static readonly string[] GroupKeys = ["hosts", "children", "vars"];
    private readonly AnsibleVariableReader _variables = new(bag);
    private readonly Dictionary<string, AnsibleGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SourcePosition Position, AnsibleVariables Variables)> _hosts = new(StringComparer.Ordinal);
    private bool _isComplete = true;
    private MappingReader? _own;

    /// <summary>Whether a file has this form: groups where a file of ours has its version.</summary>
    public static bool IsInventory(YamlNode? root) =>
        root is YamlMapping mapping && !mapping.TryGet("version", out _) && mapping.Entries.Count > 0
        && mapping.Entries.All(e => e.Value is YamlMapping group ? group.Entries.Any(k => GroupKeys.Contains(k.Key.Text)) : e.Value is YamlScalar { IsNull: true })
        && mapping.Entries.Any(e => e.Value is YamlMapping);

    public HostsConfig Read(YamlNode? root)
    {
        var reader = MappingReader.Open(root, bag, "the inventory")!;
        _isComplete = reader.IsComplete;
        Group(Root, reader.Position);
        foreach (var entry in reader.Entries)
        {
            Read(entry.Key, new ValueReader(entry.Value, entry.Key.Position, bag, $"'{entry.Key.Text}'"), parent: null, level: 0);
        }

        SetDepths();
        var own = Own();
        var members = _groups.Values.Select(g => (Group: g, Hosts: Members(g))).ToList();
        var above = members.SelectMany(m => m.Hosts.Select(h => (Host: h, m.Group))).ToLookup(p => p.Host, p => p.Group);
        return own with
        {
            Hosts = [.. _hosts.Select(h => Host(h.Key, h.Value.Position, h.Value.Variables, above[h.Key]))],
            Groups = [.. members.Where(m => m.Group.Name != Root).Select(m => new HostsConfig.GroupConfig(m.Group.Name, [], m.Group.Position) { Names = m.Hosts })],
        };
    }

    private void Read(YamlScalar key, ValueReader value, string? parent, int level)
    {
        if (!NameForm.IsGroup(key.Text))
        {
            bag.Error(YamlCodes.Form, key.Position, $"'{key.Text.ReplaceLineEndings(" ")}' is not {NameForm.GroupWords}");
            return;
        }

        var group = Group(key.Text, key.Position);
        var above = parent ?? (key.Text == Root ? null : Root);
        if (above is not null && !_groups[above].Children.Contains(key.Text))
        {
            _groups[above].Children.Add(key.Text);
        }

        if (value.IsEmpty || level > YamlBudget.MaxDepth || value.Mapping($"group '{key.Text}'") is not { } mapping)
        {
            return;
        }

        _isComplete &= mapping.IsComplete;
        Hosts(group, mapping.Optional("hosts"));
        var children = mapping.Optional("children");
        foreach (var (name, child) in children.IsEmpty ? [] : children.Entries())
        {
            Read(name, child, key.Text, level + 1);
        }

        Variables(group, mapping.Optional("vars"));
        mapping.Finish();
    }

    private void Hosts(AnsibleGroup group, ValueReader hosts)
    {
        if (hosts.IsEmpty)
        {
            return;
        }

        foreach (var (key, value) in hosts.Entries())
        {
            var variables = _variables.Read(value);
            foreach (var name in AnsibleRange.Expand(key, _hosts.Count, bag))
            {
                var (host, port) = AnsibleRange.SplitPort(name);
                if (!NameForm.IsHost(host))
                {
                    bag.Error(YamlCodes.Form, key.Position, $"'{host.ReplaceLineEndings(" ")}' is not {NameForm.HostWords}");
                    continue;
                }

                var own = port is null ? variables : variables.Over(AnsibleVariables.None with { Ssh = new SshConfig { Port = port } });
                _hosts[host] = _hosts.TryGetValue(host, out var before) ? (before.Position, own.Over(before.Variables)) : (key.Position, own);
                if (!group.Hosts.Contains(host))
                {
                    group.Hosts.Add(host);
                }
            }
        }
    }

    private void Variables(AnsibleGroup group, ValueReader vars)
    {
        if (group.Name == Root && vars.Node is YamlMapping mapping && mapping.TryGet(AnsibleVariableReader.OwnVariable, out var own))
        {
            _own = MappingReader.Open(own.Value, bag, $"the variable '{AnsibleVariableReader.OwnVariable}'");
        }

        group.Variables = _variables.Read(vars).Over(group.Variables);
    }

    /// <summary>The part of the file that is of our own form.</summary>
    private HostsConfig Own()
    {
        var lab = _own?.Optional("lab");
        var links = _own?.Optional("links");
        var pve = _own?.Optional("pve");
        var config = new HostsConfig
        {
            Hosts = [],
            Groups = [],
            LabFile = lab?.Text(),
            LabPosition = lab?.Position ?? _groups[Root].Position,
            Links = links is null ? [] : [.. new LinkMapReader(bag).Read(links)],
            Pve = pve is null ? [] : [.. new PveReader(bag).Read(pve)],
            IsComplete = _isComplete && (_own?.IsComplete ?? true),
        };
        _own?.Finish();
        return config;
    }

    private static HostsConfig.HostConfig Host(string name, SourcePosition position, AnsibleVariables own, IEnumerable<AnsibleGroup> groups)
    {
        var all = own;
        foreach (var group in groups.OrderByDescending(g => g.Depth).ThenByDescending(g => g.Name, StringComparer.Ordinal))
        {
            all = all.Over(group.Variables);
        }

        // What a group says of ssh does not clash with a host of it that is this machine.
        var ssh = all.Transport is null or HostTransport.Ssh ? all.Ssh : SshConfig.Nothing;
        return new HostsConfig.HostConfig(name, all.Transport, all.Role, position) { Ssh = ssh };
    }

    private AnsibleGroup Group(string name, SourcePosition position) =>
        _groups.TryGetValue(name, out var known) ? known : _groups[name] = new AnsibleGroup(name, position);

    /// <summary>Hosts of a group and of all groups below it, in order of the file.</summary>
    private List<string> Members(AnsibleGroup group)
    {
        var found = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Visit(group);
        return [.. found.Distinct()];

        void Visit(AnsibleGroup at)
        {
            if (seen.Add(at.Name))
            {
                found.AddRange(at.Hosts);
                at.Children.ForEach(c => Visit(_groups[c]));
            }
        }
    }

    /// <summary>The longest way from the top, at most as many steps as there are groups: a group that is its own ancestor ends there.</summary>
    private void SetDepths()
    {
        for (var round = 0; round < _groups.Count; round++)
        {
            foreach (var group in _groups.Values)
            {
                group.Children.ForEach(c => _groups[c].Depth = Math.Min(_groups.Count, Math.Max(_groups[c].Depth, group.Depth + 1)));
            }
        }
    }
}
