using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Stack.Tests;

public sealed class ConfigReaderTests
{
    private const string SeedEndpoint = """
        endpoint:
          endpoint_id: "endpoint_1"
          name: "Network Access Endpoint 1"
          log_file: "/var/log/network_access_endpoint_1.log"

        tunnel:
          psk: "your-pre-shared-key-here"
          interface_name: "tun0"
          tun_ipv4: "10.10.100.11"
          tun_ipv6: "fd00:100::11"
          port: 51820
          keepalive_interval: 10
          routes:
            - "211.71.74.0/24"    # Business server subnet
            - "211.71.65.0/24"    # Controller subnet

        routers:
          - router_id: "router_2"
            internal_ip: "192.168.2.252"
            external_ip: "2001:da8:205:20c0::c0a8:2fc"
            bind_address: "2001:da8:205:20c0:c0a8:20b"  # Local interface IPv6
          - router_id: "router_3"
            internal_ip: "192.168.3.253"
            external_ip: "2001:da8:205:2060::c0a8:3fd"
            bind_address: "2001:da8:205:2060:c0a8:20b"

        load_balancer:
          url: "http://8.146.198.12:8080"
          poll_interval: 10
        """;

    private const string SeedRouter = """
        server:
          server_id: "router_1"
          name: "Routing Server 1"
          tunnel_id: 1001
          bind_address: "::"              # IPv6 any address
          bind_port: 51820
          internal_ip: "192.168.1.251"    # Internal network IP
          external_ip: "2408:8207:1a29:8960::c0a8:1fb"  # External IPv6
          egress_interface: "eth0"        # Network interface for NAT
          log_file: "/var/log/routing_server_1.log"

        tunnel:
          psk: "your-pre-shared-key-here"
          interface_name: "tun0"
          tun_ipv4: "10.10.1.1"
          tun_ipv6: "fd00:100::1"

        load_balancer:
          url: "http://8.146.198.12:8080"

        metrics:
          report_interval: 10
        """;

    [Test]
    public void Read_EndpointAsPrintedByTheOriginal_TakenWithWarningsForItsBadAddresses()
    {
        var bag = new DiagnosticBag();
        var config = ReadFile(SeedEndpoint, file => EndpointConfigReader.Read(file, bag));
        Assert.That(config, Is.Not.Null, string.Join('\n', bag.Sorted()));
        Assert.That(bag.Sorted().Select(d => (d.Code, d.Severity)), Is.EqualTo(new[] { (StackCodes.Ignored, Severity.Warning), (StackCodes.Ignored, Severity.Warning) }));
        Assert.Multiple(() =>
        {
            Assert.That(config!.Number, Is.EqualTo(1));
            Assert.That(config.PreSharedKey, Is.EqualTo("your-pre-shared-key-here"));
            Assert.That(config.Timers.KeepaliveNs, Is.EqualTo(10_000_000_000));
            Assert.That(config.Routes.Select(r => r.ToString()), Is.EqualTo(new[] { "211.71.74.0/24", "211.71.65.0/24" }));
            Assert.That(config.Routers.Select(r => r.RouterId), Is.EqualTo(new[] { "router_2", "router_3" }));
            Assert.That(config.TunAddresses.Select(a => a.ToString()), Is.EqualTo(new[] { "10.10.100.11/24", "fd00:100::11/64" }));
            Assert.That(config.Wans, Has.Count.EqualTo(1));
            Assert.That(config.FollowBalancer, Is.True);
            Assert.That(config.Balancer!.Interval, Is.EqualTo(TimeSpan.FromSeconds(10)));
        });
    }

    [Test]
    public void Read_RouterAsPrintedByTheOriginal_Taken()
    {
        var bag = new DiagnosticBag();
        var config = ReadFile(SeedRouter, file => RouterConfigReader.Read(file, bag));
        Assert.That(bag.Sorted(), Is.Empty);
        Assert.That((config!.ServerId, config.TunnelId, (int)config.BindPort, config.PeerTimeout.TotalSeconds, config.Gateways.Count), Is.EqualTo(("router_1", 1001u, 51820, 30.0, 0)));
    }

    [TestCase("", 1, 1)]
    [TestCase("  min_version: 2\n", 2, 2)]
    [TestCase("  version: 2\n", 1, 2)]
    public void Read_RouterVersions_SpokenIsAtLeastWhatIsTaken(string keys, int least, int spoken)
    {
        var bag = new DiagnosticBag();
        var peers = "  peers: [{ number: 7, psk: its own }]\n";
        var config = ReadFile(SeedRouter.Replace("tunnel:\n", "tunnel:\n" + keys + peers, StringComparison.Ordinal), file => RouterConfigReader.Read(file, bag));
        Assert.That(bag.Sorted(), Is.Empty);
        Assert.That((config!.MinVersion, config.Version, config.PeerKeys[7]), Is.EqualTo((least, spoken, "its own")));
    }

    [TestCase("192.0.2.1", 25)]
    [TestCase("\"2001:db8::1\"", 28)]
    public void Read_NoInterval_AsOftenAsHalfAPercentOfTenMegabitsAllows(string router, int intervalMs)
    {
        var bag = new DiagnosticBag();
        var text = $$"""
            endpoint: { endpoint_id: e1 }
            tunnel: { psk: k, interface_name: tun0, tun_ipv4: 192.0.2.129, tun_ipv6: "2001:db8:f::11" }
            routers: [{ router_id: r, external_ip: {{router}} }]
            """;
        Assert.That(ReadFile(text, file => EndpointConfigReader.Read(file, bag))?.Timers.KeepaliveNs, Is.EqualTo(intervalMs * 1_000_000L), string.Join('\n', bag.Sorted()));
    }

    [TestCase("", 3600)]
    [TestCase("  allocation_timeout: 90\n", 90)]
    [TestCase("  allocation_timeout: 2h\n", 7200)]
    [TestCase("  allocation_timeout: 0\n", null)]
    public void Read_AllocationTimeout_InSecondsOrWithAUnit(string key, int? seconds)
    {
        var bag = new DiagnosticBag();
        var config = ReadFile(SeedRouter.Replace("tunnel:\n", "tunnel:\n" + key, StringComparison.Ordinal), file => RouterConfigReader.Read(file, bag));
        Assert.That((int?)config?.AllocationTimeout.TotalSeconds, Is.EqualTo(seconds));
        Assert.That(bag.Sorted().Select(d => d.Code), Is.EqualTo(seconds is null ? new[] { StackCodes.Seconds } : []));
    }

    [Test]
    public void Read_RouterSpeaksLessThanItTakesAndOnePeerTwice_Refused()
    {
        var bag = new DiagnosticBag();
        var keys = "tunnel:\n  min_version: 2\n  version: 1\n  peers: [{ number: 7, psk: a }, { number: 7, psk: b }]\n";
        Assert.That(ReadFile(SeedRouter.Replace("tunnel:\n", keys, StringComparison.Ordinal), file => RouterConfigReader.Read(file, bag)), Is.Null);
        Assert.That(bag.Sorted().Select(d => d.Code), Is.EqualTo(new[] { StackCodes.Version, StackCodes.Duplicate }));
    }

    [Test]
    public void Read_ManyFaults_AllAtOnceWithTheirPlaces()
    {
        const string Faulty = """
            endpoint:
              endpoint_id: nameless
              wan_interfaces:
                - { name: a, path: x }
                - { name: b, path: x }
              colour: red
            tunnel:
              psk: env:FAILOVERLAB_NO_SUCH_VARIABLE
              interface_name: a name far too long for Linux
              tun_ipv4: 300.1.1.1
              tun_ipv6: fd00::1/129
              keepalive_interval: soon
              routes: [everything]
            routers:
              - { router_id: r, external_ip: 192.0.2.1 }
              - { router_id: r, external_ip: nowhere }
            load_balancer: { url: "ftp://example.org" }
            """;
        var bag = new DiagnosticBag();
        Assert.That(ReadFile(Faulty, file => EndpointConfigReader.Read(file, bag)), Is.Null);
        var found = bag.Sorted();
        Assert.That(found.Select(d => (d.Position.Line, d.Code)), Is.EqualTo(new[]
        {
            (2, StackCodes.NoNumber),
            (5, StackCodes.Duplicate),
            (6, YamlCodes.UnknownKey),
            (8, YamlCodes.NoValue),
            (9, YamlCodes.Form),
            (10, StackCodes.Address),
            (11, StackCodes.Address),
            (12, StackCodes.Seconds),
            (13, StackCodes.Prefix),
            (16, YamlCodes.Form),
            (17, StackCodes.Url),
        }), string.Join('\n', found));
    }

    [TestCase("endpoint.yaml")]
    [TestCase("router-1.yaml")]
    [TestCase("router-2.yaml")]
    public void Read_FilesOfTheEmbeddedLab_Taken(string name)
    {
        Environment.SetEnvironmentVariable("FAILOVERLAB_PSK", "a key of a test");
        var root = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(root, "FailoverLab.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var bag = new DiagnosticBag();
        var file = Path.Combine(root, "lab", "stack", name);
        object? config = name == "endpoint.yaml" ? EndpointConfigReader.Read(file, bag) : RouterConfigReader.Read(file, bag);
        Assert.That(bag.Sorted(), Is.Empty);
        Assert.That(config, Is.Not.Null);
    }

    private static T? ReadFile<T>(string text, Func<string, T?> read)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        try
        {
            return read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
