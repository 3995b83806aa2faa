using System.Text;

namespace FailoverLab.Testing;

/// <summary>
/// What is put into a guest so that it is reached over ssh: this machine's sshd, a shell that reads its clock by itself, a program that captures, and a
/// third card for the management network, the address of which stands on the kernel's command line as <c>fl.address=ADDRESS/LENGTH</c>.
/// </summary>
/// <param name="Folder">Folder with <c>host</c>, the host's private key, and <c>id.pub</c>, the key that is let in.</param>
public sealed record GuestSshd(string Folder)
{
    /// <summary>Port it listens on.</summary>
    public const int Port = 2222;

    /// <summary>Programs of this machine that go into the guest with their libraries. Those that start others are no applets: busybox would start its own <c>tc</c>, which knows no netem.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["/usr/sbin/sshd", "/usr/bin/bash", "/usr/bin/tcpdump", "/usr/bin/flock", "/usr/bin/setsid", "/usr/bin/chrt", "/usr/bin/env", "/usr/bin/timeout", "/usr/sbin/ip"];

    /// <summary>
    /// A machine that only forwards does so before all else: without this, packets wait for a third of a second while a program is started beside them.
    /// </summary>
    private const string More =
        """
        chrt --fifo -p 1 $(pidof ksoftirqd/0)
        mount -t tmpfs -o size=96m tmpfs /tmp
        mount -t tmpfs tmpfs /run
        mkdir -p /run/sshd /root /var/empty
        chmod 600 /etc/host
        for w in $(cat /proc/cmdline); do case $w in fl.address=*) a=${w#fl.address=} ;; esac; done
        echo 0 >/proc/sys/net/ipv6/conf/eth2/disable_ipv6
        echo 0 >/proc/sys/net/ipv6/conf/eth2/accept_dad
        ip link set lo up
        ip link set eth2 up
        ip -6 addr add "$a" dev eth2 2>/dev/null || ip addr add "$a" dev eth2
        /usr/sbin/sshd -f /etc/sshd_config -E /run/sshd.log
        """;

    /// <summary>Its files.</summary>
    internal IEnumerable<(string Path, byte[] Content)> Files()
    {
        yield return ("etc/more.sh", Text(More));
        yield return ("etc/passwd", Text("root:x:0:0:root:/root:/bin/sh\nsshd:x:100:100:sshd:/run/sshd:/bin/false"));
        yield return ("etc/group", Text("root:x:0:\nsshd:x:100:"));
        yield return ("etc/host", File.ReadAllBytes(System.IO.Path.Combine(Folder, "host")));
        yield return ("etc/id.pub", File.ReadAllBytes(System.IO.Path.Combine(Folder, "id.pub")));
        yield return ("etc/sshd_config", Text($"""
            Port {Port}
            HostKey /etc/host
            PidFile none
            AuthorizedKeysFile /etc/id.pub
            StrictModes no
            UsePAM no
            UseDNS no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin yes
            MaxStartups 100
            SetEnv PATH=/usr/sbin:/sbin:/usr/bin:/bin
            """));
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\n") + "\n");
}
