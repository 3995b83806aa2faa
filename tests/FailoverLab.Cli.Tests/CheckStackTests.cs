using FailoverLab.EmbeddedLab;

namespace FailoverLab.Cli.Tests;

/// <summary><c>check</c> on the stack's config files.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CheckStackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-check").FullName;

    public static IEnumerable<TestCaseData> OriginalForms() =>
    [
        new TestCaseData("router router_1: UDP port 51820", """
            server:
              server_id: "router_1"
              name: "Routing Server 1"
              tunnel_id: 1001
              bind_address: "::"              # any address
              bind_port: 51820
              internal_ip: "192.0.2.251"
              external_ip: "2001:db8::c0a8:1fb"
              egress_interface: "eth0"
              log_file: "/var/log/routing_server_1.log"
            tunnel: { psk: "a key", interface_name: "tun0", tun_ipv4: "10.10.1.1", tun_ipv6: "fd00:100::1" }
            load_balancer:
              url: "http://192.0.2.12:8080"
            metrics:
              report_interval: 10
            """, 0),
        new TestCaseData("balancer: http://0.0.0.0:8080, 0 tokens, state in memory", """
            server:
              bind_address: "0.0.0.0"
              bind_port: 8080
              log_file: "/var/log/load_balancer.log"
            algorithm:
              weights: { cpu: 0.30, memory: 0.20, bandwidth: 0.30, connections: 0.20 }
              max_bandwidth_mbps: 1000
              max_connections: 100
              anti_flap_threshold: 0.05
              anti_flap_hold_time: 30
            business_server:
              ip: "198.51.100.218"
            """, 1),
        new TestCaseData("endpoint endpoint_1: 1 WANs, 2 routers, 2 routes", """
            endpoint: { endpoint_id: "endpoint_1", name: "Network Access Endpoint 1", log_file: "/var/log/network_access_endpoint_1.log" }
            tunnel:
              psk: "a key"
              interface_name: "tun0"
              tun_ipv4: "10.10.100.11"
              tun_ipv6: "fd00:100::11"
              port: 51820
              keepalive_interval: 10
              routes: ["198.51.100.0/24", "203.0.113.0/24"]
            routers:
              - { router_id: "router_2", internal_ip: "192.0.2.252", external_ip: "2001:db8::c0a8:2fc", bind_address: "2001:db8:205:20c0:c0a8:20b" }
              - { router_id: "router_3", internal_ip: "192.0.2.253", external_ip: "2001:db8::c0a8:3fd", bind_address: "2001:db8:205:2060:c0a8:20b" }
            load_balancer: { url: "http://192.0.2.12:8080", poll_interval: 10 }
            """, 2),
        new TestCaseData("controller: http://0.0.0.0:8090, 0 tokens, state in memory", """
            controller: { bind_address: "0.0.0.0", bind_port: 8090, log_file: "/var/log/network_controller.log" }
            ip_allocation:
              tun_ipv4_pool: { base: "10.10.100.0", start: 1, end: 254 }
              tun_ipv6_pool: { base: "fd00:100::", start: 1, end: 65535 }
            security:
              default_psk: "a key"
            tunnel:
              default_port: 51820
            """, 1),
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(OriginalForms))]
    public async Task Check_FileInTheOriginalsForm_RecognisedAndTaken(string said, string text, int warnings)
    {
        var (status, output, error) = await CheckAsync(text);
        Assert.That((status, output.Trim()), Is.EqualTo((0, said)), error);
        Assert.That(error.Split("warning[").Length - 1, Is.EqualTo(warnings), error);
    }

    [TestCase("server: { bind_adress: 0.0.0.0, bind_port: 99999 }\nalgorithm: { weights: { cpu: 2 } }\ncolour: red\n", 4)]
    [TestCase("controller: { bind_address: nowhere }\nip_allocation: { tun_ipv4_pool: { base: x }, tun_ipv6_pool: { base: '::', start: 2, end: 1 } }\nsecurity: {}\n", 4)]
    [TestCase("server: { server_id: r }\ntunnel: {}\n", 6)]
    [TestCase("endpoint: { endpoint_id: nameless }\ntunnel: { port: soon }\nrouters: []\n", 4)]
    public async Task Check_FileWithFaults_AllAtOnceAndNotTaken(string text, int atLeast)
    {
        var (status, output, error) = await CheckAsync(text);
        Assert.That((status, output), Is.EqualTo((3, "")));
        Assert.That(error.Split("FL1").Length + error.Split("FL2").Length - 2, Is.GreaterThanOrEqualTo(atLeast), error);
    }

    [Test]
    public async Task Check_FilesOfLabStackAndDeploy_AllTaken()
    {
        foreach (var name in (string[])["FAILOVERLAB_PSK", "FAILOVERLAB_ADMIN_TOKEN", "FAILOVERLAB_DEVICE_TOKEN"])
        {
            Environment.SetEnvironmentVariable(name, $"{name}-of-a-test");
        }

        var root = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(root, "FailoverLab.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        string[] files = [.. Directory.GetFiles(Path.Combine(root, "lab", "stack"), "*.yaml"), .. Directory.GetFiles(Path.Combine(root, "lab", "deploy", "config"), "*.yaml")];
        Assert.That(files, Has.Length.GreaterThanOrEqualTo(9));
        foreach (var file in files)
        {
            var (status, output, error) = await RunAsync(file);
            var program = Path.GetFileNameWithoutExtension(file).Split('-')[0];
            Assert.That((status, error), Is.EqualTo((0, "")), file);
            Assert.That(output, Does.StartWith(program), file);
        }
    }

    private async Task<(int Status, string Output, string Error)> CheckAsync(string text)
    {
        var file = Path.Combine(_folder, "config.yaml");
        await File.WriteAllTextAsync(file, text);
        return await RunAsync(file);
    }

    private static async Task<(int Status, string Output, string Error)> RunAsync(string file)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var status = await CommandLine.RunAsync(["check", file], new CommandContext
        {
            In = () => TextReader.Null,
            Out = output,
            OpenOut = () => Stream.Null,
            Error = error,
            IsOutTerminal = false,
            IsErrorTerminal = false,
            Width = () => 160,
            Self = SelfCommand.Of(typeof(CheckStackTests).Assembly),
            Time = TimeProvider.System,
        });
        return (status, output.ToString(), error.ToString());
    }
}
