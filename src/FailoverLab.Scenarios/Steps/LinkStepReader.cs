using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads degrade and restore steps; each acts on the host that carries the link.</summary>
internal sealed class LinkStepReader(Inventory inventory, DiagnosticBag bag)
{
    private static readonly Dictionary<string, LinkDirection> Directions = new(StringComparer.Ordinal)
    {
        ["both"] = LinkDirection.Both,
        ["up"] = LinkDirection.Up,
        ["down"] = LinkDirection.Down,
    };

    public IReadOnlyList<StepEntry> ReadDegrade(ValueReader value)
    {
        if (value.Mapping("a degrade step") is not { } degrade)
        {
            return [];
        }
        var name = degrade.Require("link");
        var links = CheckLab(name) ? inventory.FindLinks(name) : [];
        var direction = degrade.Optional("direction").OneOf(Directions) ?? LinkDirection.Both;
        var switches = new LinkChange { Carrier = degrade.Optional("carrier").Flag(), Drop = degrade.Optional("drop").Flag() };
        var change = ImpairmentReader.Read(degrade) with { Carrier = switches.Carrier, Drop = switches.Drop };
        degrade.Finish();
        string[] kinds = ["carrier", "drop", "loss", "delay", "jitter", "rate"];
        if (degrade.IsComplete && !kinds.Any(degrade.Has))
        {
            bag.Error(ScenarioCodes.UselessChange, degrade.Position, "this step degrades nothing", $"add one of: {string.Join(", ", kinds)}");
        }
        if (change.Carrier is not null && direction != LinkDirection.Both)
        {
            bag.Error(ScenarioCodes.UselessChange, degrade.PositionOf("direction"), "the carrier has no direction: both ends lose it", "leave 'direction' out, or use 'drop'");
        }
        var words = $"{ImpairmentReader.Describe(change)}{(direction == LinkDirection.Both ? "" : $" ({direction.ToString().ToLowerInvariant()} only)")}";
        return [.. links.Select(l => new StepEntry(l.Host, l.Name, new LinkChangeStep(l.Name, direction, change, IsRestore: false),
            $"set {l.Name}: {words}", $"set {l.Name}: {ImpairmentReader.Describe(l.Profile)}"))];
    }

    public IReadOnlyList<StepEntry> ReadRestore(ValueReader value)
    {
        if (!CheckLab(value))
        {
            return [];
        }
        return [.. inventory.FindLinks(value).Select(l => new StepEntry(l.Host, l.Name,
            new LinkChangeStep(l.Name, LinkDirection.Both, l.Profile, IsRestore: true), $"set {l.Name}: {ImpairmentReader.Describe(l.Profile)}", ""))];
    }

    private bool CheckLab(ValueReader value)
    {
        if (inventory.Links.Count == 0 && inventory.Topology is null && inventory.IsComplete && value.IsPresent)
        {
            value.Error(ScenarioCodes.NoLab, "there are no links: the hosts file names no embedded lab and none of its own", "name a topology with 'lab:' in the hosts file, or give its 'links' a 'driver'");
            return false;
        }
        return inventory.Links.Count > 0 || inventory.Topology is not null;
    }
}
