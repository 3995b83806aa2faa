using System.Net;
using System.Net.Sockets;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Stack;

/// <summary>Reads <c>routing_server.yaml</c>: the original's keys as printed there, and ours beside them.</summary>
public static class RouterConfigReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Path as the person gave it.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The configuration, or <see langword="null"/> when a fault forbids starting.</returns>
    public static RouterConfig? Read(string path, DiagnosticBag bag)
    {
        var root = MappingReader.Open(YamlReader.ReadFile(path, bag), bag, "the router's config");
        return root is null ? null : Read(root, bag);
    }

    private static RouterConfig? Read(MappingReader root, DiagnosticBag bag)
    {
        var server = root.Require("server").Mapping("the server section");
        var tunnel = root.Require("tunnel").Mapping("the tunnel section");
        var id = server?.Require("server_id").Text();
        var name = server?.Optional("name").Text();
        var tunnelId = server?.Require("tunnel_id").WholeNumber(0, uint.MaxValue);
        var bind = server?.Optional("bind_address").Address() ?? IPAddress.IPv6Any;
        var port = server?.Optional("bind_port").WholeNumber(1, 65535) ?? 51820;
        var internalIp = server?.Optional("internal_ip").Address();
        var externalIp = server?.Require("external_ip").Address();
        var egress = server?.Optional("egress_interface").Text();
        server?.Optional("log_file").Text();
        var core = server?.Optional("core_interface").Text();
        var gateways = Gateways(server, core);
        var nat = Nat(server, egress, gateways.Count > 0);
        server?.Finish();

        var (psk, tun, addresses) = tunnel is null ? default : StackValues.Tun(tunnel);
        var multiplier = tunnel?.Optional("keepalive_multiplier").WholeNumber(2, 255) ?? 3;
        var timeout = tunnel is null ? null : StackValues.Seconds(tunnel.Optional("peer_timeout"), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        var pools = tunnel is null ? [] : StackValues.Prefixes(tunnel.Optional("allocation_pools"));
        var keep = tunnel is null ? null : StackValues.Seconds(tunnel.Optional("allocation_timeout"), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        var versions = tunnel is null ? default : TunnelVersions.Read(tunnel);
        tunnel?.Finish();

        var report = Report(root);
        var balancer = StackValues.Balancer(root, _ => report);
        root.Finish();
        if (bag.HasErrors || id is null || tunnelId is null || externalIp is null || psk is null || tun is null)
        {
            return null;
        }

        return new RouterConfig
        {
            ServerId = id,
            Name = name ?? id,
            TunnelId = (uint)tunnelId.Value,
            BindAddress = bind,
            BindPort = (ushort)port,
            InternalIp = (internalIp ?? externalIp).ToString(),
            ExternalIp = externalIp.ToString(),
            EgressInterface = egress,
            CoreInterface = core,
            Nat = nat,
            Gateways = gateways,
            PreSharedKey = psk,
            PeerKeys = versions.PeerKeys,
            MinVersion = versions.Least,
            Version = versions.Spoken,
            InterfaceName = tun,
            TunAddresses = addresses,
            Multiplier = (int)multiplier,
            PeerTimeout = timeout ?? TimeSpan.FromSeconds(30),
            AllocationPools = pools,
            AllocationTimeout = keep ?? TimeSpan.FromHours(1),
            Balancer = balancer,
        };
    }

    /// <summary>The original's <c>egress_interface</c> is there for NAT; where we claim a gateway instead, hosts behind it know the way back.</summary>
    private static bool Nat(MappingReader? server, string? egress, bool hasGateway)
    {
        var value = server?.Optional("nat");
        var nat = value?.Flag();
        if (nat == true && egress is null)
        {
            value!.Error(StackCodes.Incomplete, "'nat' needs 'egress_interface': the interface whose address the packets get");
        }

        return nat ?? (egress is not null && !hasGateway);
    }

    private static List<IPAddress> Gateways(MappingReader? server, string? core)
    {
        var gateways = new List<IPAddress>();
        var value = server?.Optional("gateway");
        if (value?.Mapping("the gateway section") is not { } gateway)
        {
            return gateways;
        }

        if (gateway.Optional("ipv4").Address(AddressFamily.InterNetwork) is { } ipv4)
        {
            gateways.Add(ipv4);
        }

        if (gateway.Optional("ipv6").Address(AddressFamily.InterNetworkV6) is { } ipv6)
        {
            gateways.Add(ipv6);
        }

        gateway.Finish();
        if (core is null)
        {
            value.Error(StackCodes.Incomplete, "'gateway' needs 'core_interface': the interface on which to answer for it");
        }

        return gateways;
    }

    private static TimeSpan? Report(MappingReader root)
    {
        if (root.Optional("metrics").Mapping("the metrics section") is not { } metrics)
        {
            return null;
        }

        var interval = StackValues.Seconds(metrics.Optional("report_interval"), TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        metrics.Finish();
        return interval;
    }
}
