using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads degrade and restore steps; each acts on the host that carries the link.</summary>
/// <param name="inventory">The links there are.</param>
/// <param name="bag">Takes every fault.</param>
/// <param name="profileFolder">Where profiles that are named without a path are looked for; absent = beside the topology.</param>
internal sealed class LinkStepReader(Inventory inventory, DiagnosticBag bag, string? profileFolder = null)
{
    private static readonly Dictionary<string, LinkDirection> Directions = new(StringComparer.Ordinal)
    {
        ["both"] = LinkDirection.Both,
        ["up"] = LinkDirection.Up,
        ["down"] = LinkDirection.Down,
    };

    private readonly ProfileFinder _profiles = new(bag);
    private readonly ImpairmentReader _impairments = new(bag);

    public IReadOnlyList<StepEntry> ReadDegrade(ValueReader value)
    {
        if (value.Mapping("a degrade step") is not { } degrade)
        {
            return [];
        }
        var name = degrade.Require("link");
        var links = CheckLab(name) ? inventory.FindLinks(name) : [];
        var direction = degrade.Optional("direction").OneOf(Directions) ?? LinkDirection.Both;
        var profile = Profile(degrade.Optional("profile"));
        var carrier = degrade.Optional("carrier").Flag();
        var change = _impairments.Read(degrade, Bases(links, profile, direction)) with { Carrier = carrier };
        degrade.Finish();
        string[] kinds = ["profile", "carrier", .. ImpairmentKeys.Names];
        if (degrade.IsComplete && !kinds.Any(degrade.Has))
        {
            bag.Error(ScenarioCodes.UselessChange, degrade.Position, "this step degrades nothing", $"add one of: {string.Join(", ", kinds)}");
        }
        if (change.Carrier is not null && direction != LinkDirection.Both)
        {
            bag.Error(ScenarioCodes.UselessChange, degrade.PositionOf("direction"), "the carrier has no direction: both ends lose it", "leave 'direction' out, or use 'drop'");
        }
        var (up, down) = profile is null ? (change, change) : (profile.Up.With(change), profile.Down.With(change));
        return [.. links.SelectMany(l => Entries(l, direction, up, down, isRestore: false, $"set {l.Name}: {ImpairmentText.DescribeProfile(l.Profile)}"))];
    }

    /// <summary>What each direction that a step changes is without it.</summary>
    private static LinkChange[] Bases(IReadOnlyList<LinkTarget> links, LinkProfile? profile, LinkDirection direction)
    {
        IEnumerable<(LinkChange Up, LinkChange Down)> sides = profile is not null ? [(profile.Up, profile.Down)] : links.Select(l => (l.Profile, l.ProfileDown ?? l.Profile));
        var bases = sides.SelectMany(s => direction switch
        {
            LinkDirection.Up => [s.Up],
            LinkDirection.Down => [s.Down],
            _ => new[] { s.Up, s.Down },
        });
        return [.. bases.DefaultIfEmpty(LinkChange.Good).Distinct()];
    }

    public IReadOnlyList<StepEntry> ReadRestore(ValueReader value)
    {
        if (!CheckLab(value))
        {
            return [];
        }
        return [.. inventory.FindLinks(value).SelectMany(l => Entries(l, LinkDirection.Both, l.Profile, l.ProfileDown ?? l.Profile, isRestore: true, ""))];
    }

    /// <summary>One entry where both directions get the same, otherwise one each way at the same instant.</summary>
    private static IEnumerable<StepEntry> Entries(LinkTarget link, LinkDirection direction, LinkChange up, LinkChange down, bool isRestore, string undo)
    {
        if (direction != LinkDirection.Both || up == down)
        {
            yield return Entry(link, link.Name, direction, direction == LinkDirection.Down ? down : up, isRestore, undo);
            yield break;
        }
        // The carrier has no direction, so it has an entry of its own.
        yield return Entry(link, link.Name + "-up", LinkDirection.Up, up with { Carrier = null }, isRestore, undo);
        yield return Entry(link, link.Name + "-down", LinkDirection.Down, down with { Carrier = null }, isRestore, undo);
        if (up.Carrier is { } carrier)
        {
            yield return Entry(link, link.Name + "-carrier", LinkDirection.Both, new LinkChange { Carrier = carrier }, isRestore, undo);
        }
    }

    private static StepEntry Entry(LinkTarget link, string subject, LinkDirection direction, LinkChange change, bool isRestore, string undo)
    {
        var words = isRestore ? ImpairmentText.DescribeProfile(change) : ImpairmentText.Describe(change);
        var only = direction == LinkDirection.Both ? "" : $" ({direction.ToString().ToLowerInvariant()} only)";
        return new StepEntry(link.Host, subject, new LinkChangeStep(link.Name, direction, change, isRestore), $"set {link.Name}: {words}{only}", undo);
    }

    private LinkProfile? Profile(ValueReader value) =>
        value.IsPresent ? _profiles.Find(value, profileFolder ?? Path.Combine(Path.GetDirectoryName(inventory.Topology?.File) ?? "", "profiles")) : null;

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
