using System.Diagnostics;
using FailoverLab.Linux;

namespace FailoverLab.Testing;

/// <summary>
/// A running Linux machine with netem between two network cards, emulated without hardware help, in a network namespace of its own. It and its
/// namespace end with this object, and with this program.
/// <code>
/// site (tap) ══ ens18 ─[ bridge ]─ ens19 ══ far (tap)        serial line: a root shell
/// </code>
/// </summary>
public sealed class GuestMachine : IDisposable
{
    private const ushort EtherType = 0x88B5;
    private readonly NetworkNamespace _namespace;
    private readonly Process _process;
    private readonly string _directory;

    /// <summary>Starts the machine; it takes some seconds until its shell listens.</summary>
    /// <param name="image">Kernel and root; <see cref="GuestImage.Missing"/> must be <see langword="null"/>.</param>
    /// <exception cref="LinuxException">No network namespace may be made.</exception>
    /// <exception cref="InvalidOperationException">The machine did not start.</exception>
    public GuestMachine(GuestImage image)
    {
        _namespace = NetworkNamespace.CreateAnonymous();
        _directory = Directory.CreateTempSubdirectory("failoverlab-guest").FullName;
        foreach (var name in (ReadOnlySpan<string>)["site", "far"])
        {
            Ip("tuntap", "add", "dev", name, "mode", "tap");
            Ip("link", "set", "dev", name, "addrgenmode", "none", "txqueuelen", "10000", "up");
        }

        SerialPath = Path.Combine(_directory, "serial");
        _process = _namespace.Run(() => Start(image));
        Site = _namespace.Run(() => PacketSocket.Open("site", EtherType));
        Far = _namespace.Run(() => PacketSocket.Open("far", EtherType));
        for (var waited = Stopwatch.StartNew(); !File.Exists(SerialPath); _process.WaitForExit(20))
        {
            if (_process.HasExited || waited.Elapsed > TimeSpan.FromSeconds(20))
            {
                throw new InvalidOperationException("qemu did not open its serial line");
            }
        }
    }

    /// <summary>The unix socket of the serial line.</summary>
    public string SerialPath { get; }

    /// <summary>Frames of EtherType 0x88B5 on the site's side.</summary>
    public PacketSocket Site { get; }

    /// <summary>Frames of EtherType 0x88B5 on the far side.</summary>
    public PacketSocket Far { get; }

    /// <summary>Ends the machine at once.</summary>
    public void Dispose()
    {
        Site.Dispose();
        Far.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _namespace.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Process Start(GuestImage image)
    {
        // Segments and check sums are left to nobody: one packet on the wire is one packet in netem.
        const string Plain = "csum=off,gso=off,guest_csum=off,guest_tso4=off,guest_tso6=off,guest_ecn=off,guest_ufo=off,host_tso4=off,host_tso6=off,host_ecn=off,host_ufo=off,romfile=";
        string[] qemu =
        [
            .. GuestImage.Precedence, GuestImage.Qemu, "-accel", "tcg", "-machine", "q35", "-cpu", "max", "-m", "192", "-smp", "1", "-nodefaults", "-no-reboot", "-display", "none",
            "-kernel", image.Kernel, "-initrd", image.Root, "-append", "console=ttyS0 quiet loglevel=1 panic=-1 tsc=reliable",
            "-chardev", $"socket,id=s0,path={SerialPath},server=on,wait=off,logfile={SerialPath}.log", "-serial", "chardev:s0",
            "-netdev", "tap,id=site,ifname=site,script=no,downscript=no", "-device", $"virtio-net-pci,netdev=site,mac=02:00:00:00:00:18,{Plain}",
            "-netdev", "tap,id=far,ifname=far,script=no,downscript=no", "-device", $"virtio-net-pci,netdev=far,mac=02:00:00:00:00:19,{Plain}",
        ];

        // With this program it ends too, however that ends; without setpriv only when it ends in order.
        string[] guarded = File.Exists("/usr/bin/setpriv") ? ["/usr/bin/setpriv", "--pdeathsig", "KILL", .. qemu] : qemu;
        return Process.Start(new ProcessStartInfo(guarded[0], guarded.Skip(1)))!;
    }

    private void Ip(params string[] arguments) => _namespace.Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {complaint.Trim()}");
        }
    });
}
