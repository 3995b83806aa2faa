using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;
using FailoverLab.Scenarios;
using FailoverLab.Testing;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// The embedded lab's topology once more, but of hosts that are only reached over ssh: each node a network namespace with a sshd, a <c>/run</c>, a
/// cache and a management cable of its own. The WANulators are bridges; what they do to packets is their links' driver's.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class StackLab : IAsyncDisposable
{
    private const string ManagementPrefix = "2001:db8:ffff::";
    private readonly SshNamespaces _hosts = new("flstk");
    private readonly List<GuestWanulator> _guests = [];
    private readonly StackLinks _links;
    private PluggedLinks? _plugs;

    private StackLab(TopologyPlan topology, StackLinks links) => (Topology, _links) = (topology, links);

    /// <summary>Nodes and cables, by the names of the file.</summary>
    public TopologyPlan Topology { get; }

    /// <summary>The machines' plugs, where links have them.</summary>
    public PluggedLinks? Plugs => _plugs;

    /// <summary>The inventory that reaches it.</summary>
    public string HostsFile => _hosts.HostsFile;

    /// <summary>Builds the lab from a hosts file of the embedded lab.</summary>
    /// <param name="embeddedHosts">That file.</param>
    /// <param name="links">What changes the links.</param>
    /// <param name="program">File of our program that is put on the hosts; absent = a script that starts the build under test.</param>
    public static async Task<StackLab> StartAsync(string embeddedHosts, StackLinks links = StackLinks.Nft, string? program = null)
    {
        var topology = LabLoader.Load(embeddedHosts).Plan!.Topology!;
        var lab = new StackLab(topology, links);
        try
        {
            await lab._hosts.KeysAsync();
            await lab.BuildAsync();
            await lab.WriteAsync(topology.WanLinks.Select(lab.Link), program ?? await lab._hosts.ProgramAsync());
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>A link's line of the inventory.</summary>
    private string Link(WanLinkPlan link) => _links switch
    {
        _ when IsGuest(link) => $"  {link.Name}: {{ path: {link.Path}, driver: netem, host: {link.Wanulator}, lan: ens18, wan: ens19 }}",
        StackLinks.Pve or StackLinks.NftAndPve when IsPlugged(link) => _plugs!.Link(link),
        _ => $"  {link.Name}: {{ path: {link.Path}, driver: nft, host: {link.Wanulator}, lan: {WanulatorPorts.Lan}, wan: {WanulatorPorts.Wan} }}",
    };

    private bool IsGuest(WanLinkPlan link) => _links == StackLinks.Netem && link.Name == "starlink-1";

    private bool IsGuest(NodePlan node) => Topology.WanLinks.Any(l => l.Wanulator == node.Name && IsGuest(l));

    private bool IsPlugged(WanLinkPlan link) => _links == StackLinks.Pve || (_links == StackLinks.NftAndPve && link.Name == "starlink-2");

    /// <summary>Starts the program as an operator of this lab would.</summary>
    public Process Start(params string[] arguments) => _hosts.Start(arguments);

    public Task<ProgramUnderTest.Outcome> RunAsync(params string[] arguments) => ProgramUnderTest.FinishAsync(Start(arguments));

    public async ValueTask DisposeAsync()
    {
        if (_plugs is not null)
        {
            await _plugs.DisposeAsync();
        }

        foreach (var guest in _guests)
        {
            await guest.DisposeAsync();
        }

        await _hosts.DisposeAsync();
    }

    /// <summary>The address a node is managed at.</summary>
    public string Address(string node) => string.Create(CultureInfo.InvariantCulture, $"{ManagementPrefix}{Topology.Nodes.ToList().FindIndex(n => n.Name == node) + 2:x}");

    private async Task BuildAsync()
    {
        var named = Prefixed(Topology);
        foreach (var node in Topology.Nodes.Select(n => n.Name).Append(SshNamespaces.Management))
        {
            await _hosts.AddAsync(node);
        }

        await _hosts.OnAsync(SshNamespaces.Management, $"ip link set lo up; ip link add br0 type bridge mcast_snooping 0; ip link set br0 up; ip addr add {ManagementPrefix}1/64 dev br0 nodad");
        foreach (var node in named.Nodes)
        {
            await _hosts.DoAsync("ip", "netns", "exec", node.Name, "sh", "-c",
                string.Join('\n', TopologyCommands.Sysctls(node).Select(s => $"[ ! -e /proc/sys/{s.Key} ] || echo '{s.Value}' >/proc/sys/{s.Key}")));
        }

        await BatchAsync(null, TopologyCommands.Cables(named));
        foreach (var (node, plan) in named.Nodes.Zip(Topology.Nodes))
        {
            await BatchAsync(node.Name, TopologyCommands.Node(named, node));
            await _hosts.OnAsync(plan.Name, $"ip link add m0 type veth peer name m-{plan.Name} netns {_hosts.Name(SshNamespaces.Management)}; ip addr add {Address(plan.Name)}/64 dev m0 nodad; ip link set m0 up");
            await _hosts.OnAsync(SshNamespaces.Management, $"ip link set m-{plan.Name} master br0 up");
        }

        foreach (var end in TopologyCommands.AllCables(Topology).SelectMany(c => new[] { c.A, c.B }))
        {
            await _hosts.OnAsync(end.Node, $"ethtool -K {end.Interface} gro off gso off tso off tx off rx off >/dev/null 2>&1 || :");
        }

        if (Topology.WanLinks.Where(IsPlugged).ToList() is { Count: > 0 } plugged)
        {
            _plugs = await PluggedLinks.StartAsync(plugged, _hosts);
        }

        await BootAsync([.. Topology.WanLinks.Where(IsGuest)]);
        foreach (var link in Topology.WanLinks.Where(l => !IsGuest(l)))
        {
            // No address and no neighbours of its own: a WANulator is not seen by those it connects.
            await _hosts.OnAsync(link.Wanulator, "for i in lan wan; do echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6; done; ip link add br0 type bridge forward_delay 0 mcast_snooping 0; echo 1 >/proc/sys/net/ipv6/conf/br0/disable_ipv6; for i in lan wan; do ip link set $i master br0 up; done; ip link set br0 up");
        }
    }

    private async Task BootAsync(IReadOnlyList<WanLinkPlan> links)
    {
        var image = new Lazy<GuestImage>(() => GuestImage.Make(new GuestSshd(_hosts.Folder)));
        foreach (var link in links)
        {
            await _hosts.OnAsync(link.Wanulator, GuestWanulator.Plumbing);
            _guests.Add(GuestWanulator.Start(_hosts.Name(link.Wanulator), image.Value, Address(link.Wanulator) + "/64", _guests.Count + 1));
        }

        foreach (var link in links)
        {
            await GuestWanulator.UntilUpAsync(_hosts, Address(link.Wanulator));
        }
    }

    private async Task WriteAsync(IEnumerable<string> links, string program)
    {
        var hosts = Topology.Nodes.Where(n => n.Role != "hub").ToList();
        foreach (var node in hosts.Where(n => !IsGuest(n)))
        {
            await _hosts.ServeAsync(node.Name, $"[{Address(node.Name)}]", $"SetEnv XDG_CACHE_HOME={_hosts.Folder}/cache-{node.Name}");
        }

        var text = new StringBuilder($"""
            version: 1
            ssh: {Braced($"known_hosts: known_hosts, user: root, port: 2222, identity: id, config: ssh_config, agent_file: {program}")}
            hosts:

            """);
        foreach (var node in hosts)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {node.Name}:\n    role: {node.Role}\n    address: \"{Address(node.Name)}\"\n");
            if (IsGuest(node))
            {
                // Without hardware help a login takes seconds of a whole core.
                text.Append("    shell: bash\n    options: { ConnectTimeout: 90 }\n");
            }

            if (Tapped(node) is { } tapped)
            {
                text.Append(CultureInfo.InvariantCulture, $"    interfaces: {Braced($"{tapped.Name}: [{string.Join(", ", tapped.Addresses.Select(a => $"\"{a}\""))}]")}\n");
            }

            if (node.Program is { } verb)
            {
                text.Append(CultureInfo.InvariantCulture, $"    stack: {Braced($"program: {verb}, config: {node.ConfigFile}")}\n");
            }
        }

        text.Append(_plugs?.Host).Append("links:\n").AppendJoin('\n', links).Append('\n');
        await File.WriteAllTextAsync(HostsFile, text.ToString());
    }

    private static string Braced(string text) => "{ " + text + " }";

    /// <summary>Where traffic ends, and where a router's tunnels arrive.</summary>
    private static InterfacePlan? Tapped(NodePlan node) => node.Role is "traffic" or "business" or "router" ? node.Interfaces.First(i => i.Addresses.Count > 0) : null;

    private TopologyPlan Prefixed(TopologyPlan topology) => topology with
    {
        Nodes = [.. topology.Nodes.Select(n => n with { Name = _hosts.Name(n.Name) })],
        Cables = [.. topology.Cables.Select(c => new CablePlan(Prefixed(c.A), Prefixed(c.B)))],
        WanLinks = [.. topology.WanLinks.Select(l => l with { Wanulator = _hosts.Name(l.Wanulator), Site = Prefixed(l.Site), Far = Prefixed(l.Far) })],
    };

    private CableEnd Prefixed(CableEnd end) => end with { Node = _hosts.Name(end.Node) };

    private async Task BatchAsync(string? node, IEnumerable<string> lines)
    {
        string[] line = ["ip", .. node is null ? [] : (string[])["-n", node], "-batch", "-"];
        await _hosts.DoAsync(new ShellCommand(line) { Input = Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n") });
    }
}
