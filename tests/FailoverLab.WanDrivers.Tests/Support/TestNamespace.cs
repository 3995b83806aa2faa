using System.Diagnostics;
using FailoverLab.Hosts;
using FailoverLab.Linux;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>
/// A machine in the middle, with this machine's kernel: a namespace with two cables and a bridge between them. Skips the test where that is not allowed.
/// <code>
/// site ══ lan0 ─[ bridge ]─ wan0 ══ far
/// </code>
/// </summary>
internal sealed class TestNamespace : IDisposable
{
    private readonly string _name = $"fl-drv-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly NetworkNamespace _namespace;

    public TestNamespace()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/sbin/nft") || Run("ip", "netns", "add", _name) is not "")
        {
            Assert.Ignore("needs root, nft and the right to make network namespaces");
        }

        Shell = new LocalShell("middle", "ip", "netns", "exec", _name);
        foreach (var arguments in (string[])
        [
            "link add site type veth peer name lan0", "link add wan0 type veth peer name far", "link add br0 type bridge forward_delay 0 mcast_snooping 0",
            "link set lan0 master br0", "link set wan0 master br0",
        ])
        {
            Ip(arguments);
        }

        foreach (var device in (string[])["site", "lan0", "wan0", "far", "br0"])
        {
            Ip($"link set dev {device} addrgenmode none up");
        }

        _namespace = NetworkNamespace.Open($"/run/netns/{_name}");
        Site = _namespace.Run(() => PacketSocket.Open("site", 0x88B5));
        Far = _namespace.Run(() => PacketSocket.Open("far", 0x88B5));
    }

    public IShell Shell { get; }

    public PacketSocket Site { get; }

    public PacketSocket Far { get; }

    public void Ip(string arguments) => Assert.That(Run("ip", ["-n", _name, .. arguments.Split(' ')]), Is.Empty, $"ip {arguments}");

    public void Dispose()
    {
        Site.Dispose();
        Far.Dispose();
        _namespace.Dispose();
        Run("ip", "netns", "del", _name);
    }

    private static string Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return complaint.Trim();
    }
}
