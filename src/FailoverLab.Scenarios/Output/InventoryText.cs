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
            [l.Name, l.Path, "emulator", $"{l.Wanulator} (vm {Number(l.VmId)})", "lan", "wan", $"{l.Site} … {l.Far}", ImpairmentReader.Describe(l.Profile)]),
        .. plan.Links.Select(l => (IReadOnlyList<string>)
            [l.Name, l.Path, l.Driver.ToString().ToLowerInvariant(), Place(l), l.Lan ?? "", l.Wan ?? "", l.Router ?? "", ImpairmentReader.Describe(l.Profile)]),
    ];

    private static string Place(LinkPlan link) => link switch
    {
        { Driver: LinkDriver.Pve } => $"{link.Pve} (vm {Number(link.VmId!.Value)}, net{Number(link.Net!.Value)})",
        { VmId: { } vm } => $"{link.Host} (vm {Number(vm)})",
        _ => link.Host,
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
