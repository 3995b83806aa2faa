using System.Diagnostics;
using System.Globalization;
using FailoverLab.Testing;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// A lab of hosts that are only reached over ssh: <c>site</c>, <c>wanulator</c> and <c>far</c>, each a network namespace with a sshd, a <c>/run</c>
/// and a management cable of its own. The WANulator bridges two WANs between site and far; the program runs where only the management cables end.
/// With a machine, the first WAN goes through <c>machine</c>, a <see cref="GuestWanulator"/> with netem, instead.
/// </summary>
/// <remarks>
/// <code>
/// site  w1 192.0.2.10/29 ──── lan1 wanulator wan1 ──── w1 192.0.2.11 far    198.51.100.1
///       w2 192.0.2.18/29 ──── lan2           wan2 ──── w2 192.0.2.19        on lo
/// </code>
/// </remarks>
internal sealed class RealLab : IAsyncDisposable
{
    private const string Machine = "machine";
    private readonly SshNamespaces _hosts = new("flreal");
    private readonly bool _hasMachine;
    private readonly bool _isEmulated;
    private readonly FakeClock? _farClock;
    private GuestWanulator? _machine;

    private RealLab(bool hasMachine, bool isEmulated, FakeClock? farClock) => (_hasMachine, _isEmulated, _farClock) = (hasMachine, isEmulated, farClock);

    public string HostsFile => _hosts.HostsFile;

    /// <summary>The hosts of the inventory.</summary>
    public IReadOnlyList<string> Names => _hasMachine ? ["site", "wanulator", "far", Machine] : ["site", "wanulator", "far"];

    /// <summary>Where packets are captured on the links, as captures name it.</summary>
    public IReadOnlyList<string> LinkPoints => [.. _hasMachine ? (string[])[$"{Machine}.ens18", $"{Machine}.ens19"] : ["wanulator.lan1", "wanulator.wan1"], "wanulator.lan2", "wanulator.wan2"];

    /// <summary>Where hosts that are namespaces, and the operator, keep files of a run.</summary>
    public IEnumerable<string> Folders => [_hosts.Folder, .. Names.Where(n => n != Machine).Select(n => _hosts.Root(n) + "/run/failoverlab")];

    /// <summary>Name of a host's network namespace.</summary>
    public string Name(string host) => _hosts.Name(host);

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

    /// <param name="hasMachine">Whether the first WAN goes through a machine with netem.</param>
    /// <param name="isEmulated">Whether the first WAN is one of our own emulator, which is put on its host.</param>
    /// <param name="farClock">The clock of whoever logs in at <c>far</c>; the kernel there keeps its own.</param>
    public static async Task<RealLab> StartAsync(bool hasMachine = false, bool isEmulated = false, FakeClock? farClock = null)
    {
        Require();
        if (hasMachine && GuestImage.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        var lab = new RealLab(hasMachine, isEmulated, farClock);
        await lab.MakeAsync();
        return lab;
    }

    /// <summary>Starts the program as an operator of this lab would.</summary>
    public Process Start(params string[] arguments) => _hosts.Start(arguments);

    public Task<ProgramUnderTest.Outcome> RunAsync(params string[] arguments) => ProgramUnderTest.FinishAsync(Start(arguments));

    /// <summary>What a run may change on the WANulator, as it is now.</summary>
    public async Task<string> WanulatorAsync() =>
        await OnAsync("wanulator", "grep -lz '[w]an-lan1+wan1$' /proc/[0-9]*/cmdline 2>/dev/null | wc -l; nft list ruleset; for i in $(ls /sys/class/net); do cat /sys/class/net/$i/flags; tc qdisc show dev $i; ethtool -k $i 2>/dev/null || :; done")
        + (_hasMachine ? await OnAsync(SshNamespaces.Management, $"ssh -F none -i {_hosts.Folder}/id -p {GuestSshd.Port} -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@{Address(3)} 'tc qdisc show; nft list ruleset; ip -o link'") : "");

    /// <summary>What a shell line prints on a host.</summary>
    public Task<string> OnAsync(string host, string script) => _hosts.OnAsync(host, script);

    /// <summary>What runs have left on the hosts that are namespaces: processes beside sshd, guards, temporary files; empty when nothing.</summary>
    public async Task<string> LeftAsync()
    {
        var left = "";
        foreach (var host in Names.Where(n => n != Machine))
        {
            left += await _hosts.DoAsync("sh", "-c", """
                sshd=
                for p in $(ip netns pids "$1"); do
                  read -r name <"/proc/$p/comm" 2>/dev/null || continue
                  case $name in sshd*) sshd=${sshd:-$p} ;; *) echo "$name" ;; esac
                done
                ls "/proc/$sshd/root/run/failoverlab/runs" 2>/dev/null
                ls "$2"
                """, "sh", _hosts.Name(host), Temporary(host));
        }

        return left;
    }

    /// <summary>Gives a host that is a namespace a disk of so little room for its temporary files; it goes with the host.</summary>
    public Task ShrinkAsync(string host, int mebibytes) => _hosts.DoAsync(
        "sh", "-c", "p=$(ip netns pids \"$1\" | head -n 1) && exec nsenter -t \"$p\" -m mount -t tmpfs -o size=\"$2\"m small \"$3\"", "sh", _hosts.Name(host), $"{mebibytes}", Temporary(host));

    /// <summary>Leaves no room in a host's <c>/run</c>.</summary>
    public Task FillAsync(string host) => _hosts.DoAsync(
        "sh", "-c", "p=$(ip netns pids \"$1\" | head -n 1) && nsenter -t \"$p\" -m sh -c 'mount -o remount,size=1m /run; cat /dev/zero >/run/full 2>/dev/null; ! echo x >/run/more' 2>/dev/null", "sh", _hosts.Name(host));

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.That(patience.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)), what);
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
        {
            await _machine.DisposeAsync();
        }

        await _hosts.DisposeAsync();
    }

    private async Task MakeAsync()
    {
        await _hosts.KeysAsync();
        foreach (var host in Names.Append(SshNamespaces.Management))
        {
            await _hosts.AddAsync(host);
            await OnAsync(host, "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 || :; ip link set lo up");
        }

        foreach (var (host, n) in Names.Select((h, n) => (h, n)))
        {
            await OnAsync(host, $"ip link add m0 type veth peer name m{n} netns {_hosts.Name(SshNamespaces.Management)}; ip addr add {Address(n)}/30 dev m0; ip link set m0 up");
            await OnAsync(SshNamespaces.Management, $"ip addr add 203.0.113.{(4 * n) + 1}/30 dev m{n}; ip link set m{n} up");
            if (host != Machine)
            {
                var clock = host == "far" ? _farClock?.Environment.Select(v => $" \"{v.Key}={v.Value}\"") ?? [] : [];
                await _hosts.ServeAsync(host, Address(n), $"SetEnv TMPDIR={Directory.CreateDirectory(Temporary(host)).FullName} XDG_CACHE_HOME={_hosts.Folder}/cache-{host}{string.Concat(clock)}");
            }
        }

        foreach (var (n, net) in new[] { (1, 8), (2, 16) })
        {
            var (between, suffix) = _hasMachine && n == 1 ? (Machine, "") : ("wanulator", $"{n}");
            await OnAsync("site", $"ip link add w{n} type veth peer name lan{suffix} netns {_hosts.Name(between)}; ip addr add 192.0.2.{net + 2}/29 dev w{n}; ip link set w{n} up");
            await OnAsync("far", $"ip link add w{n} type veth peer name wan{suffix} netns {_hosts.Name(between)}; ip addr add 192.0.2.{net + 3}/29 dev w{n}; ip link set w{n} up");
            await OnAsync(between, between == Machine ? $"ip link set lan up; ip link set wan up\n{GuestWanulator.Plumbing}"
                : $"ip link add br{n} type bridge; ip link set lan{n} master br{n} up; ip link set wan{n} master br{n} up; ip link set br{n} up");
        }

        if (_hasMachine)
        {
            // A machine computes what cards leave open; these have nothing to leave it to.
            foreach (var host in (string[])["site", "far"])
            {
                await OnAsync(host, "ethtool -K w1 gro off gso off tso off tx off rx off >/dev/null 2>&1 || :");
            }

            _machine = GuestWanulator.Start(_hosts.Name(Machine), GuestImage.Make(new GuestSshd(_hosts.Folder)), Address(3) + "/30", 1);
            await GuestWanulator.UntilUpAsync(_hosts, Address(3));
        }

        await OnAsync("far", "ip addr add 198.51.100.1/32 dev lo; ip addr add 198.51.100.2/32 dev lo");
        await OnAsync("site", "ip addr add 203.0.113.65/32 dev lo; ip route add 198.51.100.1/32 via 192.0.2.11 src 203.0.113.65");
        await OnAsync("far", "ip route add 203.0.113.65/32 via 192.0.2.10 src 198.51.100.1");
        await File.WriteAllTextAsync(HostsFile, $$"""
            version: 1
            ssh: { known_hosts: known_hosts, user: root, port: 2222, identity: id, config: ssh_config{{(_isEmulated ? $", agent_file: {await _hosts.ProgramAsync()}" : "")}} }
            hosts:
              site: { address: {{Address(0)}} }
              wanulator: { address: {{Address(1)}} }
              far: { address: {{Address(2)}} }{{(_hasMachine ? $"\n  {Machine}: {{ address: {Address(3)}, shell: bash, options: {{ ConnectTimeout: 90 }} }}" : "")}}
            links:
              one: { path: starlink, {{(_hasMachine ? $"driver: netem, host: {Machine}, lan: ens18, wan: ens19" : $"driver: {(_isEmulated ? "emulator" : "nft")}, host: wanulator, lan: lan1, wan: wan1")}} }
              two: { path: fibre, driver: nft, host: wanulator, lan: lan2, wan: wan2 }
            """);
    }

    private string Temporary(string host) => Path.Combine(_hosts.Folder, $"tmp-{host}");

    private static string Address(int n) => string.Create(CultureInfo.InvariantCulture, $"203.0.113.{(4 * n) + 2}");
}
