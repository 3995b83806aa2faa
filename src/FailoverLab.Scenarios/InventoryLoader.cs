using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Reads a hosts file of our own form or an Ansible inventory, whichever it is, and the lab it names.</summary>
public static class InventoryLoader
{
    /// <summary>Reads the files; starts nothing and asks no host.</summary>
    /// <param name="hostsPath">The hosts file.</param>
    /// <returns>The inventory, or every fault at once.</returns>
    public static InventoryResult Load(string hostsPath)
    {
        var bag = new DiagnosticBag();
        var inventory = new InventoryReader(bag).Read(hostsPath);
        var plan = new InventoryPlan
        {
            File = Path.GetFullPath(hostsPath),
            Hosts = [.. inventory.Hosts],
            Groups = [.. inventory.Groups.Select(g => new GroupPlan(g.Key, [.. g.Value.Select(h => h.Name)]))],
            Links = inventory.RealLinks,
            Pve = inventory.Pve,
            Topology = inventory.Topology,
        };
        return new InventoryResult(bag.HasErrors ? null : plan, bag.Sorted());
    }
}
