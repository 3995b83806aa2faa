using System.Net;
using System.Net.Sockets;
using FailoverLab.Linux;

namespace FailoverLab.Stack.Tests;

/// <summary>The real nftables in private namespaces: <c>inside ── router ── outside</c>, and outside knows no way back to inside.</summary>
public sealed class EgressNatTests
{
    private static readonly IPAddress RouterIPv4 = IPAddress.Parse("198.51.100.2");
    private static readonly IPAddress RouterIPv6 = IPAddress.Parse("2001:db8:300::2");

    [Test]
    public void Start_PacketFromTheTunnel_LeavesWithTheRoutersAddressAndAnswersReturn()
    {
        using var inside = new Site("inside");
        using var router = new Site("router");
        using var outside = new Site("outside");
        Site.Cable(inside, "lan", ["192.0.2.129/28", "2001:db8:f::11/64"], router, "tun0", ["192.0.2.130/28", "2001:db8:f::1/64"]);
        Site.Cable(router, "core", ["198.51.100.2/24", "2001:db8:300::2/64"], outside, "core", ["198.51.100.10/24", "2001:db8:300::10/64"]);
        inside.Ip("route add default via 192.0.2.130", "route add default via 2001:db8:f::1");
        router.Forward(true);

        var nat = router.Namespace.Run(() => EgressNat.Start("tun0", "core"));
        using (router.Namespace.Run(() => EgressNat.Start("tun0", "core")))
        {
            Assert.That(SourceSeen(inside, outside, "198.51.100.10"), Is.EqualTo(RouterIPv4));
            Assert.That(SourceSeen(inside, outside, "2001:db8:300::10"), Is.EqualTo(RouterIPv6));
            router.Namespace.Run(nat.Dispose);
        }

        Assert.That(router.Namespace.Run(() => NftScript.Run("list table inet failoverlab_tun0")), Is.Not.Empty, "the table has gone");
    }

    [Test]
    public void Start_NoSuchName_OneClearRefusal()
    {
        using var router = new Site("router");
        var refusal = Assert.Throws<LinuxException>(() => router.Namespace.Run(() => EgressNat.Start("a\"b", "core")));
        Assert.That(refusal!.Message, Does.Contain("NAT from a\"b to core"));
    }

    private static IPAddress SourceSeen(Site inside, Site outside, string target)
    {
        var address = IPAddress.Parse(target);
        using var server = outside.Namespace.Run(() => Open(new IPEndPoint(address, 7)));
        using var client = inside.Namespace.Run(() => Open(new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0)));
        var buffer = new byte[16];
        client.SendTo([1], new IPEndPoint(address, 7));
        EndPoint source = new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        server.ReceiveFrom(buffer, ref source);
        server.SendTo([2], source);
        Assert.That(client.Receive(buffer), Is.EqualTo(1), "the answer finds its way back");
        return ((IPEndPoint)source).Address;
    }

    private static Socket Open(IPEndPoint local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(local);
        return socket;
    }
}
