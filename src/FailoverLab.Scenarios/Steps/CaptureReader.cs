using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads a capture step: <c>all</c>, points, or points with a snap length.</summary>
internal sealed class CaptureReader(Inventory inventory)
{
    public const int DefaultSnapLength = 192;

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
        if (inventory.Topology is null)
        {
            if (inventory.IsComplete)
            {
                value.Error(ScenarioCodes.NoLab, "captures need the embedded lab, and the hosts file names none", "name the topology with 'lab:' in the hosts file");
            }
            return [];
        }
        return [.. Points(points).GroupBy(p => p.Node, StringComparer.Ordinal).Select(g => Entry(g.Key, [.. g.Select(p => p.Interface)], (int)snap))];
    }

    private static StepEntry Entry(string node, IReadOnlyList<string> interfaces, int snap) =>
        new(node, node, new CaptureStart(interfaces, snap),
            $"capture {string.Join(", ", interfaces)} ({snap} B of each packet)", $"stop capture of {string.Join(", ", interfaces)}");

    private List<CableEnd> Points(ValueReader points)
    {
        // A bridge with addresses is where its node's own traffic ends; the cables below it see only frames passing.
        var bridges = inventory.Nodes.SelectMany(n => n.Interfaces.Where(i => i.BridgePorts.Count > 0).Select(i => new CableEnd(n.Name, i.Name)));
        var links = (inventory.Topology?.Cables ?? []).SelectMany(c => new[] { c.A, c.B })
            .Concat(inventory.WanLinks.SelectMany(l => new[] { l.Site, l.Far }))
            .Concat(bridges)
            .ToList();
        var every = inventory.Nodes.SelectMany(n => n.Interfaces.Select(i => new CableEnd(n.Name, i.Name))).ToDictionary(e => e.ToString(), StringComparer.Ordinal);
        if (points.Node is YamlScalar { Text: "all" })
        {
            return links;
        }
        if (points.Node is YamlSequence { Items.Count: 0 })
        {
            points.Error(ScenarioCodes.EmptyList, $"{points.What} names no capture point");
        }
        var found = new List<CableEnd>();
        foreach (var item in points.OneOrMany())
        {
            if (item.Text() is not { } name)
            {
                continue;
            }
            if (every.TryGetValue(name, out var end))
            {
                found.Add(end);
            }
            else
            {
                inventory.Unknown(item, ScenarioCodes.UnknownPoint, "capture point", name, every.Keys);
            }
        }
        return [.. found.Distinct()];
    }
}
