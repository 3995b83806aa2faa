using System.Diagnostics;
using System.Globalization;
using FailoverLab.Hosts;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// A lab of hosts that are only reached over ssh: <c>site</c>, <c>wanulator</c> and <c>far</c>, each a network namespace with a sshd, a <c>/run</c>
/// and a management cable of its own. The WANulator bridges two WANs between site and far; the program runs where only the management cables end.
/// </summary>
/// <remarks>
/// <code>
/// site  w1 192.0.2.10/29 ──── lan1 wanulator wan1 ──── w1 192.0.2.11 far    198.51.100.1
///       w2 192.0.2.18/29 ──── lan2           wan2 ──── w2 192.0.2.19        on lo
/// </code>
/// </remarks>
internal sealed class RealLab : IAsyncDisposable
{
    private static readonly string[] Names = ["site", "wanulator", "far"];
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"flreal{Environment.ProcessId}");
    private readonly List<Process> _servers = [];
    private readonly List<string> _namespaces = [];
    private readonly LocalShell _here = new("here");
    private readonly string _keys = Directory.CreateTempSubdirectory("failoverlab-real-").FullName;

    public string HostsFile => Path.Combine(_keys, "hosts.yaml");

    /// <summary>Skips the test where such a lab cannot be.</summary>
    public static void Require()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("network namespaces with a sshd need root");
        }

        foreach (var tool in (string[])["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen", "/usr/sbin/nft", "/usr/bin/ping", "/usr/bin/flock"])
        {
            LabTier.RequireTool(tool);
        }

        if (!File.Exists("/usr/bin/dumpcap") && !File.Exists("/usr/bin/tcpdump"))
        {
            Assert.Ignore("neither dumpcap nor tcpdump is installed");
        }
    }

    public static async Task<RealLab> StartAsync()
    {
        Require();
        var lab = new RealLab();
        await lab.MakeAsync();
        return lab;
    }

    /// <summary>Starts the program as an operator of this lab would, on its management network and with a state folder of its own.</summary>
    public Process Start(params string[] arguments) =>
        ProgramUnderTest.StartWrapped(["ip", "netns", "exec", Name("mgmt"), "env", $"XDG_STATE_HOME={_keys}/state", $"XDG_RUNTIME_DIR={_keys}"], arguments);

    public Task<ProgramUnderTest.Outcome> RunAsync(params string[] arguments) => ProgramUnderTest.FinishAsync(Start(arguments));

    /// <summary>What a run may change on the WANulator, as it is now.</summary>
    public async Task<string> WanulatorAsync() =>
        await OnAsync("wanulator", "nft list ruleset; for i in lan1 wan1 lan2 wan2; do cat /sys/class/net/$i/flags; tc qdisc show dev $i; done");

    /// <summary>What a shell line prints on a host.</summary>
    public async Task<string> OnAsync(string host, string script) => await DoAsync("ip", "netns", "exec", Name(host), "sh", "-c", script);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        foreach (var name in _namespaces)
        {
            await _here.RunAsync(new ShellCommand("ip", "netns", "del", name), CancellationToken.None);
        }

        await _here.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
    }

    private string Name(string host) => $"{_prefix}-{host}";

    private async Task MakeAsync()
    {
        await DoAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{_keys}/id");
        await DoAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{_keys}/host");
        foreach (var host in Names.Append("mgmt"))
        {
            await DoAsync("ip", "netns", "add", Name(host));
            _namespaces.Add(Name(host));
            await OnAsync(host, "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 || :; ip link set lo up");
        }

        foreach (var (host, n) in Names.Select((h, n) => (h, n)))
        {
            await OnAsync(host, $"ip link add m0 type veth peer name m{n} netns {Name("mgmt")}; ip addr add {Address(n)}/30 dev m0; ip link set m0 up");
            await OnAsync("mgmt", $"ip addr add 203.0.113.{(4 * n) + 1}/30 dev m{n}; ip link set m{n} up");
            await ServeAsync(host, Address(n));
        }

        foreach (var (n, net) in new[] { (1, 8), (2, 16) })
        {
            await OnAsync("site", $"ip link add w{n} type veth peer name lan{n} netns {Name("wanulator")}; ip addr add 192.0.2.{net + 2}/29 dev w{n}; ip link set w{n} up");
            await OnAsync("far", $"ip link add w{n} type veth peer name wan{n} netns {Name("wanulator")}; ip addr add 192.0.2.{net + 3}/29 dev w{n}; ip link set w{n} up");
            await OnAsync("wanulator", $"ip link add br{n} type bridge; ip link set lan{n} master br{n} up; ip link set wan{n} master br{n} up; ip link set br{n} up");
        }

        await OnAsync("far", "ip addr add 198.51.100.1/32 dev lo; ip addr add 198.51.100.2/32 dev lo");
        await OnAsync("site", "ip addr add 203.0.113.65/32 dev lo; ip route add 198.51.100.1/32 via 192.0.2.11 src 203.0.113.65");
        await OnAsync("far", "ip route add 203.0.113.65/32 via 192.0.2.10 src 198.51.100.1");
        await File.WriteAllTextAsync($"{_keys}/ssh_config", "");
        await File.WriteAllTextAsync(HostsFile, $$"""
            version: 1
            ssh: { known_hosts: known_hosts, user: root, port: 2222, identity: id, config: ssh_config }
            hosts:
              site: { address: {{Address(0)}} }
              wanulator: { address: {{Address(1)}} }
              far: { address: {{Address(2)}} }
            links:
              one: { path: starlink, driver: nft, host: wanulator, lan: lan1, wan: wan1 }
              two: { path: fibre, driver: nft, host: wanulator, lan: lan2, wan: wan2 }
            """);
    }

    private async Task ServeAsync(string host, string address)
    {
        await File.WriteAllTextAsync($"{_keys}/{host}.sshd", $"""
            ListenAddress {address}:2222
            HostKey {_keys}/host
            PidFile none
            AuthorizedKeysFile {_keys}/id.pub
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin yes
            MaxStartups 100
            """);

        // A machine of its own would have a /run of its own; `ip netns exec` has parted the mounts already.
        string[] line = ["netns", "exec", Name(host), "sh", "-c", "mount -t tmpfs tmpfs /run && mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e -f \"$1\"", "sh", $"{_keys}/{host}.sshd"];
        var server = Process.Start(new ProcessStartInfo("ip", line) { RedirectStandardError = true })!;
        _servers.Add(server);

        // It says so when it listens.
        while (await server.StandardError.ReadLineAsync() is { } said && !said.Contains("listening", StringComparison.OrdinalIgnoreCase))
        {
            TestContext.Out.WriteLine(said);
        }

        _ = server.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    private static string Address(int n) => string.Create(CultureInfo.InvariantCulture, $"203.0.113.{(4 * n) + 2}");

    private async Task<string> DoAsync(params string[] arguments)
    {
        var result = await _here.RunAsync(new ShellCommand(arguments), CancellationToken.None);
        Assert.That(result.IsSuccess, Is.True, string.Join(' ', arguments) + ": " + result.Error);
        return result.Output;
    }
}
