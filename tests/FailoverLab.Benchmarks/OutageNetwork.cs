using System.Diagnostics;
using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>
/// Endpoint, two WANs, two routers and a business host, each in a network namespace.
/// <code>
///             ┌─ way-1 ─┐       ┌─ router-1 ─┐
///  endpoint ──┤         ├─ hub ─┤            ├─ business
///             └─ way-2 ─┘       └─ router-2 ─┘
/// </code>
/// Disposing ends and removes all.
/// </summary>
internal sealed class OutageNetwork : IDisposable
{
    private static readonly string[] Names = ["endpoint", "way-1", "way-2", "hub", "router-1", "router-2", "business"];

    private readonly string _prefix = $"flout{Environment.ProcessId}-";
    private readonly Dictionary<string, NetworkNamespace> _spaces = [];

    public OutageNetwork()
    {
        foreach (var name in Names)
        {
            TunnelNetwork.Run("ip", "netns", "add", SpaceOf(name));
            TunnelNetwork.In(SpaceOf(name), "sh", "-c", "ip link set lo up; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
            _spaces[name] = NetworkNamespace.Open($"/run/netns/{SpaceOf(name)}");
        }

        Cable("endpoint", "w1", "203.0.113.18/28", "way-1", "in", "203.0.113.17/28");
        Cable("endpoint", "w2", "203.0.113.34/28", "way-2", "in", "203.0.113.33/28");
        Cable("way-1", "out", "203.0.113.129/30", "hub", "w1", "203.0.113.130/30");
        Cable("way-2", "out", "203.0.113.133/30", "hub", "w2", "203.0.113.134/30");
        Cable("hub", "r1", "203.0.113.65/28", "router-1", "wan", "203.0.113.66/28");
        Cable("hub", "r2", "203.0.113.81/28", "router-2", "wan", "203.0.113.82/28");
        Cable("business", "r1", null, "router-1", "core", "198.51.100.2/24");
        Cable("business", "r2", null, "router-2", "core", "198.51.100.3/24");
        Do("business", "ip link add core0 type bridge; ip link set r1 master core0; ip link set r2 master core0; ip link set core0 up; ip addr add 198.51.100.10/24 dev core0; ip route add 192.0.2.0/24 via 198.51.100.1");
        Do("way-1", "ip route add 203.0.113.64/26 via 203.0.113.130");
        Do("way-2", "ip route add 203.0.113.64/26 via 203.0.113.134");
        Do("hub", "ip route add 203.0.113.16/28 via 203.0.113.129; ip route add 203.0.113.32/28 via 203.0.113.133");
        Do("router-1", "ip route add default via 203.0.113.65");
        Do("router-2", "ip route add default via 203.0.113.81");
        foreach (var name in Names[1..6])
        {
            Do(name, "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter");
        }

        foreach (var way in Names[1..3])
        {
            Do(way, "nft 'add table inet cut; add chain inet cut f { type filter hook forward priority 0 ; }'");
        }
    }

    /// <summary>Runs shell commands at a site.</summary>
    public void Do(string site, string commands) => TunnelNetwork.In(SpaceOf(site), "sh", "-ec", commands);

    /// <summary>Lets a function open sockets at a site.</summary>
    public T At<T>(string site, Func<T> function) => _spaces[site].Run(function);

    /// <summary>Cuts or heals a WAN (1 or 2).</summary>
    public void Cut(int wan, CutKind kind, bool cut) => Do($"way-{wan}", kind == CutKind.LinkDown
        ? $"ip link set in {(cut ? "down" : "up")}"
        : cut ? "nft add rule inet cut f drop" : "nft flush chain inet cut f");

    /// <summary>Starts a program at a site.</summary>
    public Process Start(string site, params string[] command) => Process.Start(
        new ProcessStartInfo("ip", ["netns", "exec", SpaceOf(site), .. command]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;

    public void Dispose()
    {
        foreach (var (name, space) in _spaces)
        {
            space.Dispose();
            TunnelNetwork.Run("ip", "netns", "del", SpaceOf(name));
        }
    }

    private void Cable(string a, string portA, string? addressA, string b, string portB, string addressB)
    {
        TunnelNetwork.Run("ip", "-n", SpaceOf(a), "link", "add", portA, "type", "veth", "peer", "name", portB, "netns", SpaceOf(b));
        foreach (var (site, port, address) in new[] { (a, portA, addressA), (b, portB, addressB) })
        {
            Do(site, $"ip link set {port} up{(address is null ? "" : $"; ip addr add {address} dev {port}")}");
        }
    }

    public string SpaceOf(string site) => _prefix + site;
}
