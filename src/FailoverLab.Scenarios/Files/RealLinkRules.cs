using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Makes the links of real labs and holds them against the hosts and endpoints they name.</summary>
internal sealed class RealLinkRules(DiagnosticBag bag)
{
    /// <summary>The host that stands for this machine when a link is changed from here and no host of the file is local.</summary>
    public const string ThisMachine = "local";

    /// <summary>The links of one file.</summary>
    /// <param name="config">The hosts file.</param>
    /// <param name="known">Its hosts.</param>
    public IReadOnlyList<LinkPlan> Make(HostsConfig config, Inventory known)
    {
        var links = config.Links.Where(l => l.Real is not null).Select(l => Link(l, l.Real!, config, known)).ToList();
        foreach (var twice in links.Where(l => l.Lan is not null && l.Wan is not null).SelectMany(l => new[] { (l, Card: $"{l.Host}.{l.Lan}"), (l, Card: $"{l.Host}.{l.Wan}") })
            .GroupBy(e => e.Card, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var position = config.Links.Last(c => c.Name == twice.Last().l.Name).Position;
            bag.Error(ScenarioCodes.LinkClash, position, $"the interface {twice.Key} is an end of {string.Join(" and of ", twice.Select(e => e.l.Name))}", "every end of a link is an interface of its own");
        }

        return links;
    }

    private LinkPlan Link(HostsConfig.LinkConfig link, HostsConfig.RealLinkConfig real, HostsConfig config, Inventory known) => new()
    {
        Name = link.Name,
        Path = link.Path ?? link.Name,
        Driver = real.Driver,
        Host = real.Driver == LinkDriver.Pve && !real.Host.IsPresent ? (known.Hosts.FirstOrDefault(h => h.Transport == HostTransport.Local)?.Name ?? ThisMachine) : Host(real, known),
        Lan = real.Lan,
        Wan = real.Wan,
        VmId = real.Vm,
        Pve = Endpoint(real.Pve, config),
        Net = real.Net,
        Serial = real.Serial ?? (real is { Driver: LinkDriver.Wanulator, Vm: { } vm } ? $"/var/run/qemu-server/{vm}.serial0" : null),
        Password = real.Password,
        Router = real.Router,
        Profile = real.Profile.Up,
        ProfileText = real.ProfileText,
        ProfileDown = real.Profile.Down == real.Profile.Up ? null : real.Profile.Down,
    };

    private static string Host(HostsConfig.RealLinkConfig real, Inventory known)
    {
        if (known.FindHost(real.Host) is not { } host)
        {
            return "";
        }

        if (host.Transport == HostTransport.Netns)
        {
            real.Host.Error(ScenarioCodes.UnableHost, $"'{host.Name}' is a node of the embedded lab, whose links stand in its topology", "name a host with transport ssh or local");
        }
        else if (real.Driver == LinkDriver.Pve && host.Transport != HostTransport.Local)
        {
            real.Host.Error(ScenarioCodes.UnableHost, $"the API of Proxmox VE is asked from this machine, and '{host.Name}' is another", "leave 'host' out, or name a host with transport local");
        }

        return host.Name;
    }

    private string? Endpoint(ValueReader value, HostsConfig config)
    {
        if (value.Text() is { } name && config.Pve.All(p => p.Name != name) && config.IsComplete)
        {
            var names = config.Pve.Select(p => p.Name).ToList();
            bag.Error(ScenarioCodes.UnknownPve, value.Position, $"there is no endpoint '{(name.Length <= 60 ? name.ReplaceLineEndings(" ") : name[..57] + "...")}'; {(names.Count == 0 ? "the file has no 'pve' section" : $"known: {string.Join(", ", names)}")}",
                NearestName.Find(name, names) is { } near ? $"did you mean '{near}'?" : null);
        }

        return (value.Node as YamlScalar)?.Text;
    }
}
