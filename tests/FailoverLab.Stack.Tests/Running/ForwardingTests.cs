namespace FailoverLab.Stack.Tests;

public sealed class ForwardingTests
{
    private const string IPv4 = "/proc/sys/net/ipv4/ip_forward";
    private const string IPv6 = "/proc/sys/net/ipv6/conf/all/forwarding";

    [Test]
    public void TurnOn_OffInTheKernel_OnAfterwardsAndRouterAdvertisementsStillHeeded()
    {
        using var site = new Site("forwarding");
        using var error = new StringWriter();
        site.Forward(false);
        site.Ip("link add lan type veth peer name far");
        var (ipv4, ipv6, heeded) = site.Namespace.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv6/conf/lan/accept_ra", "1");
            Forwarding.TurnOn(error);
            Forwarding.TurnOn(error);
            return (File.ReadAllText(IPv4).Trim(), File.ReadAllText(IPv6).Trim(), File.ReadAllText("/proc/sys/net/ipv6/conf/lan/accept_ra").Trim());
        });
        Assert.That((ipv4, ipv6, heeded), Is.EqualTo(("1", "1", "2")));
        Assert.That(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2).And.All.StartsWith("note: "), "each is said once");
    }

    /// <summary>Turned on first, the kernel drops the default routes that router advertisements gave.</summary>
    [Test]
    public void TurnOn_RouterAdvertisementsHeeded_ToldToGoOnBeforeForwardingBegins()
    {
        var root = Directory.CreateTempSubdirectory("failoverlab-forwarding");
        try
        {
            foreach (var (file, value) in ((string, string)[])[("all/forwarding", "0"), ("eth0/accept_ra", "1"), ("eth1/accept_ra", "0"), ("eth2/accept_ra", "2")])
            {
                var path = Path.Combine(root.FullName, "ipv6", "conf", file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, value);
            }

            using var error = new StringWriter();
            var written = new List<(string, string)>();
            Forwarding.TurnOn(error, root.FullName, Write);
            Assert.That(written, Is.EqualTo(new[] { ("eth0/accept_ra", "2"), ("all/forwarding", "1") }));

            string? Write(string path, string value)
            {
                written.Add((Path.GetRelativePath(Path.Combine(root.FullName, "ipv6", "conf"), path), value));
                return null;
            }
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Test]
    public void TurnOn_MayNotBeChanged_WarnsWithTheCure()
    {
        var root = Directory.CreateTempSubdirectory("failoverlab-forwarding");
        try
        {
            Directory.CreateDirectory(Path.Combine(root.FullName, "ipv6", "conf", "all"));
            File.WriteAllText(Path.Combine(root.FullName, "ipv6", "conf", "all", "forwarding"), "0\n");
            using var error = new StringWriter();
            Forwarding.TurnOn(error, root.FullName, (_, _) => "Read-only file system");
            Assert.That(error.ToString(), Does.StartWith("warning: IPv6 forwarding is off and cannot be turned on (Read-only file system)").And.Contain("Set net.ipv6.conf.all.forwarding = 1"));
            Assert.That(error.ToString().Trim(), Does.Not.Contain('\n'), "there is no IPv4 here to speak of");
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
