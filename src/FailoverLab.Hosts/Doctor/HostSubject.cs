using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>A host under examination, and what the lab asks of it.</summary>
public sealed record HostSubject
{
    /// <summary>The host.</summary>
    public required HostPlan Host { get; init; }

    /// <summary>Links that this host changes.</summary>
    public IReadOnlyList<LinkPlan> Links { get; init; } = [];

    /// <summary>Whether it is the machine this program runs on.</summary>
    public bool IsHere { get; init; }

    /// <summary>Whether the embedded lab is to run on it.</summary>
    public bool HasEmbeddedLab { get; init; }

    /// <summary>Where reports go; only for this machine.</summary>
    public string? ReportsFolder { get; init; }

    /// <summary>Hosts reached over ssh from here, with the file their keys are kept in; only for this machine.</summary>
    public IReadOnlyList<(string Host, string KnownHosts)> Remotes { get; init; } = [];

    /// <summary>Everything to examine for an inventory: this machine first, then every host over ssh, in order of the file.</summary>
    /// <param name="inventory">The inventory.</param>
    /// <param name="reportsFolder">Where reports go.</param>
    /// <param name="knownHosts">The file of host keys of hosts that name none.</param>
    public static IReadOnlyList<HostSubject> Of(InventoryPlan inventory, string reportsFolder, string knownHosts)
    {
        var local = inventory.Hosts.FirstOrDefault(h => h.Transport == HostTransport.Local) ?? new HostPlan("local", HostTransport.Local, "");
        var remote = inventory.Hosts.Where(h => h.Transport == HostTransport.Ssh).ToList();
        var here = new HostSubject
        {
            Host = local,
            Links = [.. inventory.Links.Where(l => l.Host == local.Name && l.Driver != LinkDriver.Pve)],
            IsHere = true,
            HasEmbeddedLab = inventory.Topology is not null,
            ReportsFolder = reportsFolder,
            Remotes = [.. remote.Select(h => (h.Name, h.Ssh?.KnownHosts ?? knownHosts))],
        };
        return [here, .. remote.Select(h => new HostSubject { Host = h, Links = [.. inventory.Links.Where(l => l.Host == h.Name)] })];
    }
}
