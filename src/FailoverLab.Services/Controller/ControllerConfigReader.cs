using System.Net.Sockets;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Services;

/// <summary>Reads <c>network_controller.yaml</c>: the original's keys as printed there.</summary>
public static class ControllerConfigReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Path as the person gave it.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The configuration, or <see langword="null"/> when a fault forbids starting.</returns>
    public static ControllerConfig? Read(string path, DiagnosticBag bag)
    {
        if (MappingReader.Open(YamlReader.ReadFile(path, bag), bag, "the controller's config") is not { } root)
        {
            return null;
        }

        var listen = ListenReader.Read(root.Require("controller"), "the controller section", 8090);
        PoolConfig? ipv4 = null;
        PoolConfig? ipv6 = null;
        if (root.Require("ip_allocation").Mapping("the ip_allocation section") is { } allocation)
        {
            ipv4 = Pool(allocation.Require("tun_ipv4_pool"), AddressFamily.InterNetwork);
            ipv6 = Pool(allocation.Require("tun_ipv6_pool"), AddressFamily.InterNetworkV6);
            allocation.Finish();
        }

        string? psk = null;
        var access = AccessRules.None;
        if (root.Require("security").Mapping("the security section") is { } security)
        {
            psk = SecretReader.Read(security.Require("default_psk"));
            access = SecurityReader.Access(security);
            security.Finish();
        }

        var port = 51820L;
        if (root.Optional("tunnel").Mapping("the tunnel section") is { } tunnel)
        {
            port = tunnel.Optional("default_port").WholeNumber(1, 65535) ?? port;
            tunnel.Finish();
        }

        var tls = SecurityReader.Tls(root);
        root.Finish();
        if (bag.HasErrors || listen is not { } place || ipv4 is null || ipv6 is null || psk is null)
        {
            return null;
        }

        var service = new ServiceConfig(place.EndPoint, place.State, access, tls);
        SecurityReader.Advise(root, service, bag);
        return new ControllerConfig(service, ipv4, ipv6, psk, (int)port);
    }

    private static PoolConfig? Pool(ValueReader value, AddressFamily family)
    {
        if (value.Mapping() is not { } pool)
        {
            return null;
        }

        var largest = family == AddressFamily.InterNetwork ? 1L << 24 : 1L << 32;
        var address = pool.Require("base").Address(family);
        var start = pool.Optional("start").WholeNumber(0, largest) ?? 1;
        var end = pool.Optional("end").WholeNumber(0, largest) ?? 254;
        pool.Finish();
        if (start > end)
        {
            value.Error(ServiceCodes.EmptyPool, $"{value.What} ends at {end} before it starts at {start}");
        }

        return address is null ? null : new PoolConfig(address, start, end);
    }
}
