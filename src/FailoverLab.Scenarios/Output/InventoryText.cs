using System.Globalization;

namespace FailoverLab.Scenarios;

/// <summary>Prints an inventory in the forms other programs read, and its link map for people.</summary>
public static class InventoryText
{
    /// <summary>In our own form (YAML); reading it gives the same inventory.</summary>
    public static string Own(InventoryPlan plan) => OwnInventory.Write(plan);

    /// <summary>As an Ansible inventory (YAML); reading it gives the same inventory.</summary>
    public static string Ansible(InventoryPlan plan) => AnsibleInventory.Write(plan);

    /// <summary>As an ssh_config of the hosts reached over ssh.</summary>
    public static string SshConfig(InventoryPlan plan) => SshConfigInventory.Write(plan);

    /// <summary>As one JSON document, indented.</summary>
    public static string Json(InventoryPlan plan) => PlanJson.Write(plan);

    /// <summary>The link map: one row per link, headings first; all rows of one length. Links of the embedded lab come first.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> LinkMap(InventoryPlan plan) =>
    [
        ["link", "path", "changed by", "on", "site side", "provider side", "router port", "when good"],
        .. (plan.Topology?.WanLinks ?? []).Select(l => (IReadOnlyList<string>)
            [l.Name, l.Path, "emulator", $"{l.Wanulator} (vm {Number(l.VmId)})", "lan", "wan", $"{l.Site} … {l.Far}", WhenGood(l.Profile, l.ProfileDown)]),
        .. plan.Links.Select(l => (IReadOnlyList<string>)
            [l.Name, l.Path, l.Driver.ToString().ToLowerInvariant(), Place(l), l.Lan ?? "", l.Wan ?? "", l.Router ?? "", WhenGood(l.Profile, l.ProfileDown)]),
    ];

    /// <summary>A profile without what does nothing to packets.</summary>
    private static string WhenGood(LinkChange up, LinkChange? down)
    {
        var there = Words(up);
        return down is null || Words(down) == there ? there : $"up {there}; down {Words(down)}";

        static string Words(LinkChange profile) => ImpairmentText.DescribeProfile(profile with
        {
            Carrier = profile.Carrier is true ? null : profile.Carrier,
            Drop = profile.Drop is false ? null : profile.Drop,
            Loss = profile.Loss is { Value: 0 } ? null : profile.Loss,
            Delay = profile.Delay == TimeSpan.Zero ? null : profile.Delay,
            Jitter = profile.Jitter == TimeSpan.Zero ? null : profile.Jitter,
            Rate = profile.Rate == LinkChange.Unlimited ? null : profile.Rate,
        }) is { Length: > 0 } words ? words : "perfect";
    }

    private static string Place(LinkPlan link) => link switch
    {
        { Driver: LinkDriver.Pve } => $"{link.Pve} (vm {Number(link.VmId!.Value)}, net{Number(link.Net!.Value)})",
        { VmId: { } vm } => $"{link.Host} (vm {Number(vm)})",
        _ => link.Host,
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
