using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FailoverLab.Primitives;
using FailoverLab.Tunnel;
using FailoverLab.Yaml;

namespace FailoverLab.Stack;

/// <summary>Reads <c>network_access_endpoint.yaml</c>: the original's keys as printed there, and ours beside them.</summary>
public static class EndpointConfigReader
{
    private const int LongestRoutes = 900;

    /// <summary>Three of them pass before a path is dead: an outage of at most 100 ms, for less than 0.5 % of a 10 Mbit/s link.</summary>
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>A keepalive is 20 bytes longer over IPv6: as little traffic, and still within 100 ms.</summary>
    private static readonly TimeSpan UsualIntervalIPv6 = TimeSpan.FromMilliseconds(28);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path as the person gave it.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The configuration, or <see langword="null"/> when a fault forbids starting.</returns>
    public static EndpointConfig? Read(string path, DiagnosticBag bag)
    {
        var root = MappingReader.Open(YamlReader.ReadFile(path, bag), bag, "the endpoint's config");
        return root is null ? null : Read(root, bag);
    }

    private static EndpointConfig? Read(MappingReader root, DiagnosticBag bag)
    {
        var endpoint = root.Require("endpoint").Mapping("the endpoint section");
        var tunnel = root.Require("tunnel").Mapping("the tunnel section");
        var id = endpoint?.Require("endpoint_id").Text();
        endpoint?.Optional("name").Text();
        endpoint?.Optional("log_file").Text();
        var number = endpoint is null ? null : Number(endpoint, id);
        var routerPolicy = endpoint?.Optional("router_policy").OneOf("balancer", "priority") ?? "balancer";
        var advertised = endpoint is null ? [] : StackValues.Prefixes(endpoint.Optional("advertise"));
        var wans = endpoint is null ? [] : Wans(endpoint);
        var policy = PolicyConfigReader.Read(endpoint, tunnel);
        endpoint?.Finish();

        var (psk, name, addresses) = tunnel is null ? default : StackValues.Tun(tunnel);
        var port = tunnel?.Optional("port").WholeNumber(1, 65535) ?? 51820;
        var interval = tunnel is null ? null : StackValues.Seconds(tunnel.Optional("keepalive_interval"), ShortestInterval, Hour);
        var multiplier = tunnel?.Optional("keepalive_multiplier").WholeNumber(2, 255) ?? 3;
        var version = tunnel?.Optional("version").WholeNumber(1, 2) ?? 1;
        var sla = Sla(tunnel);
        var routes = tunnel is null ? [] : StackValues.Prefixes(tunnel.Optional("routes"));
        tunnel?.Finish();

        var routers = Routers(root, usesWans: wans.Count > 0);
        var balancer = StackValues.Balancer(root, s => StackValues.Seconds(s.Optional("poll_interval"), TimeSpan.FromMilliseconds(100), Hour));
        root.Finish();
        wans = wans.Count > 0 ? wans : [new WanInterface(null, "default", null)];
        if (wans.Count * routers.Count > EndpointSettings.MaxTunnels)
        {
            bag.Error(StackCodes.TooManyTunnels, root.PositionOf("routers"), $"{routers.Count} routers over {wans.Count} WANs make more than {EndpointSettings.MaxTunnels} tunnels");
        }

        if (advertised.Sum(p => p.ToString().Length + 3) > LongestRoutes)
        {
            bag.Error(StackCodes.TooManyRoutes, root.PositionOf("endpoint"), $"'advertise' names {advertised.Count} prefixes: more than fit one control datagram ({LongestRoutes} characters)", "summarize them");
        }

        if (bag.HasErrors || id is null || number is null || psk is null || name is null)
        {
            return null;
        }

        var own = addresses.Select(a => new IpPrefix(a.Address.AddressFamily == AddressFamily.InterNetworkV6, IpPrefix.ToNumber(a.Address), a.Address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32));
        return new EndpointConfig
        {
            EndpointId = id,
            Number = number.Value,
            PreSharedKey = psk,
            Version = (int)version,
            InterfaceName = name,
            TunAddresses = addresses,
            Port = (ushort)port,
            Timers = new PathTimers((interval ?? UsualIntervalFor(routers)).Ticks * 100, (int)multiplier),
            Sla = sla,
            Policy = policy,
            Routes = routes,
            Advertised = [.. own, .. advertised],
            Wans = wans,
            Routers = routers,
            FollowBalancer = routerPolicy == "balancer",
            Balancer = balancer,
        };
    }

    private static TimeSpan UsualIntervalFor(List<RouterAddress> routers) =>
        routers.Exists(r => r.External.AddressFamily == AddressFamily.InterNetworkV6) ? UsualIntervalIPv6 : UsualInterval;

    private static uint? Number(MappingReader endpoint, string? id)
    {
        const uint Largest = (uint.MaxValue / EndpointSettings.MaxTunnels) - 1;
        var value = endpoint.Optional("number");
        if (value.IsPresent)
        {
            return (uint?)value.WholeNumber(0, Largest);
        }

        var digits = id?.Length - id?.TrimEnd("0123456789".ToCharArray()).Length ?? 0;
        if (id is not null && digits > 0 && uint.TryParse(id.AsSpan(id.Length - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Largest)
        {
            return number;
        }

        if (id is not null)
        {
            endpoint.Optional("endpoint_id").Error(StackCodes.NoNumber, $"endpoint_id '{id}' does not end in a number up to {Largest}", "add 'number: 1', unique among the endpoints");
        }

        return null;
    }

    private static List<WanInterface> Wans(MappingReader endpoint)
    {
        var wans = new List<WanInterface>();
        foreach (var item in endpoint.Optional("wan_interfaces").Items())
        {
            if (item.Mapping("a WAN interface") is not { } wan)
            {
                continue;
            }

            var name = wan.Require("name").Text();
            var path = wan.Optional("path").Text() ?? name;
            var gateway = wan.Optional("gateway").Address();
            var weight = wan.Optional("weight").Number(0.001, 1000) ?? 1;
            wan.Optional("ipv6").Text();
            wan.Finish();
            if (name is null || path is null)
            {
                continue;
            }

            if (wans.Exists(w => w.Path == path || w.Device == name))
            {
                item.Error(StackCodes.Duplicate, $"WAN interface '{name}' or path '{path}' stands twice");
            }

            wans.Add(new WanInterface(name, path, gateway, weight));
        }

        return wans;
    }

    private static List<RouterAddress> Routers(MappingReader root, bool usesWans)
    {
        var routers = new List<RouterAddress>();
        var list = root.Require("routers");
        foreach (var item in list.Items())
        {
            if (item.Mapping("a router") is not { } router)
            {
                continue;
            }

            var id = router.Require("router_id").Text();
            router.Optional("internal_ip").Text();
            var external = router.Require("external_ip").Address();
            var local = Local(router.Optional("bind_address"), usesWans);
            router.Finish();
            if (id is null || external is null)
            {
                continue;
            }

            if (routers.Exists(r => r.RouterId == id))
            {
                item.Error(StackCodes.Duplicate, $"router '{id}' stands twice");
            }

            routers.Add(new RouterAddress(id, external, local));
        }

        if (list.IsPresent && list.Items().Count == 0)
        {
            list.Error(YamlCodes.NoValue, "'routers' names no router");
        }

        return routers;
    }

    /// <summary>The original's own example holds an address of six groups here, so a bad one is ignored with a warning.</summary>
    private static IPAddress? Local(ValueReader value, bool usesWans)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }

        if (!IPAddress.TryParse(text, out var address))
        {
            value.Warning(StackCodes.Ignored, $"bind_address '{text}' is not an IP address and is ignored: the kernel chooses the local address");
            return null;
        }

        return usesWans ? null : address;
    }

    private static PathSla Sla(MappingReader? tunnel)
    {
        var defaults = PathSla.Default;
        if (tunnel?.Optional("sla").Mapping("the sla section") is not { } sla)
        {
            return defaults;
        }

        var min = TimeSpan.FromMilliseconds(1);
        var max = TimeSpan.FromMinutes(1);
        var result = new PathSla(
            sla.Optional("latency").Duration(min, max) ?? defaults.Latency,
            sla.Optional("jitter").Duration(min, max) ?? defaults.Jitter,
            sla.Optional("loss").Ratio() ?? defaults.Loss,
            sla.Optional("window").Duration(TimeSpan.FromMilliseconds(100), max) ?? defaults.Window);
        sla.Finish();
        return result;
    }
}
