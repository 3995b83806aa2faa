using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads a capture step: <c>all</c>, points, or points with a snap length.</summary>
internal sealed class CaptureReader(Inventory inventory)
{
    public const int DefaultSnapLength = 192;

    private readonly HashSet<string> _overSsh = new(StringComparer.Ordinal);

    public IReadOnlyList<StepEntry> Read(ValueReader value)
    {
        var snap = (long)DefaultSnapLength;
        var points = value;
        if (value.Node is YamlMapping && value.Mapping("a capture step") is { } capture)
        {
            points = capture.Require("points");
            snap = capture.Optional("snap").WholeNumber(64, 65_535, "B") ?? snap;
            capture.Finish();
        }
        return [.. Once(points, Points(points)).GroupBy(p => p.Node, StringComparer.Ordinal).Select(g => Entry(g.Key, [.. g.Select(p => p.Interface)], (int)snap))];
    }

    /// <summary>Over ssh a capture lasts the whole run, so a second one of the same interface would only write over its file.</summary>
    private List<CableEnd> Once(ValueReader points, List<CableEnd> named)
    {
        foreach (var twice in named.Where(e => inventory.Host(e.Node) is { Transport: HostTransport.Ssh } && !_overSsh.Add(e.ToString())))
        {
            points.Error(ScenarioCodes.UnableHost, $"an earlier step captures at {twice} already, and over ssh a capture lasts the whole run", "name each capture point of a host over ssh once");
        }
        return named;
    }

    private static StepEntry Entry(string node, IReadOnlyList<string> interfaces, int snap) =>
        new(node, node, new CaptureStart(interfaces, snap),
            $"capture {string.Join(", ", interfaces)} ({snap} B of each packet)", $"stop capture of {string.Join(", ", interfaces)}");

    private List<CableEnd> Points(ValueReader points)
    {
        if (points.Node is YamlScalar { Text: "all" })
        {
            return Every(points);
        }
        if (points.Node is YamlSequence { Items.Count: 0 })
        {
            points.Error(ScenarioCodes.EmptyList, $"{points.What} names no capture point");
        }
        return [.. points.OneOrMany().Select(Point).OfType<CableEnd>().Distinct()];
    }

    /// <summary>Both ends of every link: of the embedded lab at its cables, of a real one at the host that carries it and at the interfaces its hosts name.</summary>
    private List<CableEnd> Every(ValueReader points)
    {
        // A bridge with addresses is where its node's own traffic ends; the cables below it see only frames passing.
        var bridges = inventory.Nodes.SelectMany(n => n.Interfaces.Where(i => i.BridgePorts.Count > 0).Select(i => new CableEnd(n.Name, i.Name)));
        var ends = (inventory.Topology?.Cables ?? []).SelectMany(c => new[] { c.A, c.B })
            .Concat(inventory.WanLinks.SelectMany(l => new[] { l.Site, l.Far }))
            .Concat(bridges)
            .Concat(RealEnds())
            .Distinct()
            .ToList();
        if (ends.Count == 0 && inventory.IsComplete)
        {
            points.Error(ScenarioCodes.NoLab, "'all' is both ends of every link, and no link has an interface that can be captured on",
                "name points as host.interface of hosts reached over ssh, give links 'lan' and 'wan' or hosts 'interfaces', or name a topology with 'lab:' in the hosts file");
        }
        return ends;
    }

    private IEnumerable<CableEnd> RealEnds() =>
        inventory.RealLinks.Where(l => inventory.Host(l.Host) is { Transport: HostTransport.Ssh })
            .SelectMany(l => new[] { l.Lan, l.Wan }.OfType<string>().Select(i => new CableEnd(l.Host, i)))
            .Concat(inventory.Hosts.SelectMany(h => (h.Interfaces ?? []).Select(i => new CableEnd(h.Name, i.Name))));

    /// <summary>An interface of a node, or any interface of a host over ssh: what that host has, only it knows.</summary>
    private CableEnd? Point(ValueReader item)
    {
        if (item.Text() is not { } name)
        {
            return null;
        }
        var known = inventory.Nodes.SelectMany(n => n.Interfaces.Select(i => new CableEnd(n.Name, i.Name))).ToList();
        if (known.Find(e => e.ToString() == name) is { } end)
        {
            return end;
        }
        // Names of hosts and of interfaces may hold dots: the longest host that fits is meant.
        var host = inventory.Hosts.Where(h => name.StartsWith(h.Name + ".", StringComparison.Ordinal)).MaxBy(h => h.Name.Length);
        switch (host?.Transport)
        {
            case HostTransport.Ssh when name[(host.Name.Length + 1)..] is var device && NameForm.IsInterface(device):
                return new CableEnd(host.Name, device);
            case HostTransport.Ssh:
                item.Error(YamlCodes.Form, $"what follows '{host.Name}.' is not {NameForm.InterfaceWords}");
                return null;
            case HostTransport.Local:
                item.Error(ScenarioCodes.UnableHost, $"host '{host.Name}' is this machine, where a run performs commands and captures nothing", "reach it over ssh, or capture with a 'run' step");
                return null;
            default:
                inventory.Unknown(item, ScenarioCodes.UnknownPoint, "capture point", name, known.Concat(RealEnds()).Select(e => e.ToString()),
                    inventory.Hosts.Any(h => h.Transport == HostTransport.Ssh) ? "write host.interface of a host that is reached over ssh" : null);
                return null;
        }
    }
}
