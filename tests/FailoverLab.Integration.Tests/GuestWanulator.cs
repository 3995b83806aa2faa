using System.Diagnostics;
using System.Globalization;
using FailoverLab.Hosts;
using FailoverLab.Testing;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// A WANulator that is a machine: QEMU in the network namespace of its node, between the two cables of its link, with a sshd on the management
/// cable. Its own kernel has netem.
/// <code>
/// site ══ lan ─ brl ─ tap ─ ens18 ─[ bridge ]─ ens19 ─ tap ─ brw ─ wan ══ far
/// </code>
/// </summary>
internal sealed class GuestWanulator : IAsyncDisposable
{
    private readonly Process _machine;

    private GuestWanulator(Process machine) => _machine = machine;

    /// <summary>Shell text, for the node's namespace, that makes bridges and taps; the management cable goes to the machine.</summary>
    public const string Plumbing =
        """
        echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
        for p in lan wan m0; do
          ip link add br-$p type bridge forward_delay 0 mcast_snooping 0
          ip tuntap add dev tap-$p mode tap
          ip link set tap-$p txqueuelen 10000 master br-$p up
          echo 1 >/proc/sys/net/ipv6/conf/$p/disable_ipv6
          ip addr flush dev $p
          ip link set $p master br-$p up
          ip link set br-$p up
        done
        """;

    /// <summary>With this program it ends too, however that ends.</summary>
    private const string UntilInputEnds = "exec 3<&0; \"$@\" 3<&- </dev/null & cat <&3 >/dev/null; kill -9 $!";

    /// <summary>Starts the machine.</summary>
    /// <param name="space">Name of the node's namespace.</param>
    /// <param name="image">Kernel and root, with a sshd.</param>
    /// <param name="address">Its address on the management network, with prefix length.</param>
    /// <param name="number">Makes its cards' addresses its own; 1 to 99.</param>
    public static GuestWanulator Start(string space, GuestImage image, string address, int number)
    {
        const string Plain = "csum=off,gso=off,guest_csum=off,guest_tso4=off,guest_tso6=off,guest_ecn=off,guest_ufo=off,host_tso4=off,host_tso6=off,host_ecn=off,host_ufo=off,romfile=";
        string[] line =
        [
            "netns", "exec", space, "sh", "-c", UntilInputEnds, "sh", .. GuestImage.Precedence, GuestImage.Qemu, "-accel", Environment.GetEnvironmentVariable("FAILOVERLAB_GUEST_ACCEL") ?? "tcg", "-machine", "q35", "-cpu", "max", "-m", "512", "-smp", "1", "-nodefaults", "-no-reboot", "-display", "none",
            "-kernel", image.Kernel, "-initrd", image.Root, "-append", $"console=ttyS0 quiet loglevel=1 panic=-1 tsc=reliable random.trust_cpu=on fl.address={address}",
            "-serial", "null",
            .. new[] { ("lan", 18), ("wan", 19), ("m0", 20) }.SelectMany(c => (string[])
            [
                "-netdev", $"tap,id={c.Item1},ifname=tap-{c.Item1},script=no,downscript=no",
                "-device", string.Create(CultureInfo.InvariantCulture, $"virtio-net-pci,netdev={c.Item1},mac=02:00:00:00:{number:00}:{c.Item2},{Plain}"),
            ]),
        ];
        return new GuestWanulator(Process.Start(new ProcessStartInfo("ip", line) { RedirectStandardInput = true })!);
    }

    /// <summary>Waits until a machine is up: then its sshd says its name.</summary>
    /// <param name="hosts">The lab, whose management network reaches it.</param>
    /// <param name="address">Its address there, without brackets.</param>
    public static Task UntilUpAsync(SshNamespaces hosts, string address)
    {
        var knock = $"until timeout 2 bash -c 'exec 3<>/dev/tcp/{address}/{GuestSshd.Port} && read -r l <&3 && [ -n \"$l\" ]' 2>/dev/null; do sleep 0.5; done";
        return hosts.DoAsync(new ShellCommand("ip", "netns", "exec", hosts.Name(SshNamespaces.Management), "sh", "-c", knock) { Timeout = TimeSpan.FromMinutes(3) });
    }

    public async ValueTask DisposeAsync()
    {
        _machine.Kill(entireProcessTree: true);
        await _machine.WaitForExitAsync();
        _machine.Dispose();
    }
}
