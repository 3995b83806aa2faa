using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace FailoverLab.Testing;

/// <summary>
/// Kernel and first root of a small Linux with netem, made from Debian's own packages into a cache: the kernel package that <c>test.sh</c>
/// downloads there, and busybox, dash, tc and nft of this machine.
/// </summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Root">The first root.</param>
public sealed record GuestImage(string Kernel, string Root)
{
    private static readonly string[] Modules =
    [
        "virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "failover", "net_failover", "virtio_net",
        "llc", "stp", "bridge", "sch_netem", "sch_tbf", "nfnetlink", "libcrc32c", "nf_tables", "nft_numgen",
    ];

    /// <summary>A bridge between the two cards, named as in the seed's lab, and a shell on the serial line.</summary>
    private const string Init =
        """
        #!/bin/busybox sh
        /bin/busybox mkdir -p /proc /sys /dev /run /tmp
        /bin/busybox --install -s /bin 2>/dev/null
        rm -f /bin/tc
        export PATH=/sbin:/bin PS1='# '
        mount -t proc proc /proc
        mount -t sysfs sys /sys
        mount -t devtmpfs dev /dev
        dmesg -n 1
        for m in /mod/*.ko; do insmod $m; done
        echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
        ip link set eth0 name ens18
        ip link set eth1 name ens19
        ip link add br0 type bridge forward_delay 0 mcast_snooping 0
        for i in ens18 ens19; do echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6; ip link set $i master br0; ip link set $i up; done
        ip link set br0 up
        [ ! -e /etc/more.sh ] || . /etc/more.sh
        while :; do setsid cttyhack /bin/sh -i </dev/ttyS0 >/dev/ttyS0 2>&1; done
        """;

    /// <summary>Where kernel packages are kept and images are made: <c>failoverlab-guest</c> below <c>XDG_CACHE_HOME</c>, else below <c>~/.cache</c>.</summary>
    public static string Cache
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.Combine(string.IsNullOrEmpty(cache) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : cache, "failoverlab-guest");
        }
    }

    /// <summary>What is missing to make and run a guest; <see langword="null"/> when nothing is.</summary>
    public static string? Missing =>
        !File.Exists(Qemu) ? "qemu-system-x86_64 is not installed (package qemu-system-x86)"
        : !File.Exists("/bin/busybox") ? "busybox is not installed (package busybox-static)"
        : !File.Exists(Tool("tc")) ? "tc is not installed (package iproute2)"
        : !File.Exists("/dev/net/tun") ? "/dev/net/tun is not there"
        : Package is null ? $"no kernel package in {Cache}: test.sh downloads one there (apt-get download linux-image-VERSION-cloud-amd64)"
        : null;

    /// <summary>The emulator of machines.</summary>
    public static string Qemu => "/usr/bin/qemu-system-x86_64";

    /// <summary>
    /// What <see cref="Qemu"/> is started by: a machine has processors of its own, so whatever else this one does must not keep it waiting. With ordinary
    /// priority it is silent for hundreds of milliseconds beside other work; with this, for some. Nothing where real-time priority is not allowed.
    /// </summary>
    public static IReadOnlyList<string> Precedence => Preceding.Value;

    private static readonly Lazy<IReadOnlyList<string>> Preceding = new(() =>
    {
        string[] chrt = ["chrt", "--rr", "1"];
        try
        {
            Run(chrt[0], [.. chrt[1..], "true"]);
            return chrt;
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return [];
        }
    });

    private static string? Package => Directory.Exists(Cache) ? Directory.EnumerateFiles(Cache, "linux-image-*_amd64.deb").Order(StringComparer.Ordinal).LastOrDefault() : null;

    /// <summary>Makes the image; the package is unpacked once.</summary>
    /// <param name="sshd">A sshd in it beside the serial line; the image is then this program's own and kept beside its keys.</param>
    /// <exception cref="InvalidOperationException">A tool failed.</exception>
    public static GuestImage Make(GuestSshd? sshd = null)
    {
        var name = Path.GetFileNameWithoutExtension(Package!);
        var unpacked = Path.Combine(Cache, name);
        if (!Directory.Exists(unpacked))
        {
            // Under another name until it is whole: two test programs may make it at once.
            var partial = $"{unpacked}.{Environment.ProcessId}";
            Run("dpkg", "-x", Package!, partial);
            try
            {
                Directory.Move(partial, unpacked);
            }
            catch (IOException)
            {
                Directory.Delete(partial, recursive: true);
            }
        }

        var kernel = Directory.EnumerateFiles(Path.Combine(unpacked, "boot"), "vmlinuz-*").Single();
        var root = Path.Combine(sshd?.Folder ?? Cache, "root.gz");
        var fresh = $"{root}.{Environment.ProcessId}";
        Write(fresh, unpacked, sshd);
        File.Move(fresh, root, overwrite: true);
        return new GuestImage(kernel, root);
    }

    private static void Write(string root, string unpacked, GuestSshd? sshd)
    {
        using var zip = new GZipStream(File.Create(root), CompressionLevel.Fastest);
        var archive = new CpioArchive(zip);
        archive.Add("init", Encoding.ASCII.GetBytes(Init.ReplaceLineEndings("\n") + "\n"), isProgram: true);
        archive.Add("bin/busybox", File.ReadAllBytes("/bin/busybox"), isProgram: true);

        // busybox's own shell prefers its own tc, which knows no netem.
        archive.Add("bin/sh", File.ReadAllBytes("/bin/dash"), isProgram: true);
        foreach (var tool in new[] { Tool("tc"), Tool("nft") }.Where(File.Exists))
        {
            archive.Add("sbin/" + Path.GetFileName(tool), File.ReadAllBytes(tool), isProgram: true);
        }

        foreach (var program in sshd is null ? [] : GuestSshd.Programs.Where(File.Exists))
        {
            archive.Add(program.TrimStart('/'), File.ReadAllBytes(program), isProgram: true);
        }

        foreach (var (path, content) in sshd?.Files() ?? [])
        {
            archive.Add(path, content, isProgram: false);
        }

        foreach (var library in new[] { Tool("tc"), Tool("nft"), "/bin/dash" }.Concat(sshd is null ? [] : GuestSshd.Programs).Where(File.Exists).SelectMany(Libraries).Distinct(StringComparer.Ordinal))
        {
            archive.Add(library.TrimStart('/'), File.ReadAllBytes(library), isProgram: true);
        }

        var modules = Directory.EnumerateFiles(Path.Combine(unpacked, "lib/modules"), "*.ko", SearchOption.AllDirectories).ToLookup(f => Path.GetFileNameWithoutExtension(f)!);
        foreach (var (module, index) in Modules.Select((m, i) => (m, i)))
        {
            if (modules[module].FirstOrDefault() is { } file)
            {
                archive.Add($"mod/{index:00}-{module}.ko", File.ReadAllBytes(file), isProgram: false);
            }
        }

        archive.Finish();
    }

    private static string Tool(string name) => new[] { "/usr/sbin/", "/sbin/", "/usr/bin/" }.Select(d => d + name).FirstOrDefault(File.Exists) ?? "/usr/sbin/" + name;

    private static IEnumerable<string> Libraries(string program) =>
        Run("ldd", program).Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(w => w.StartsWith('/') && w.Contains(".so", StringComparison.Ordinal));

    private static string Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaint = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program}: {complaint.Result.Trim()}");
    }
}
