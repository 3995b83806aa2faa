using System.Net;
using System.Net.Sockets;

namespace FailoverLab.Stack.Tests;

/// <summary>The inner MTU of 1,400 bytes, from both sides: one byte more is refused with the reason, and a sender that heeds it gets through.</summary>
[NonParallelizable]
public sealed class LargestPacketTests
{
    private const int Port = 7009;

    [Test]
    public void Tunnel_PacketOf1401Bytes_SenderIsToldAndOneOf1400Arrives()
    {
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Ignore("needs /dev/net/tun");
        }

        using var lab = new TunnelLab();
        lab.StartAll();

        // Out of the endpoint its own kernel refuses; from behind the router the router's says so by ICMP.
        AssertLargest(lab, lab.Endpoint, "192.0.2.129", lab.Business, "198.51.100.10");
        AssertLargest(lab, lab.Business, "198.51.100.10", lab.Endpoint, "192.0.2.129");
        AssertLargest(lab, lab.Endpoint, "2001:db8:f::11", lab.Business, "2001:db8:300::10");
        AssertLargest(lab, lab.Business, "2001:db8:300::10", lab.Endpoint, "2001:db8:f::11");
    }

    private static void AssertLargest(TunnelLab lab, Site from, string source, Site to, string target)
    {
        const int Largest = 1400;
        var headers = target.Contains(':') ? 48 : 28;
        var end = new IPEndPoint(IPAddress.Parse(target), Port);
        using var receiver = to.Namespace.Run(() => Open(end));
        using var sender = from.Namespace.Run(() => Open(new IPEndPoint(IPAddress.Parse(source), 0)));
        var isTold = false;
        for (var attempt = 0; attempt < 1000 && !isTold; attempt++)
        {
            try
            {
                sender.SendTo(new byte[Largest + 1 - headers], end);
                sender.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
            {
                isTold = true;
            }
        }

        Assert.That(isTold, $"{source} to {target}: nobody says that it is too long\n{lab.Log()}");
        sender.SendTo(new byte[Largest - headers], end);
        Assert.That(receiver.Receive(new byte[2000]), Is.EqualTo(Largest - headers), $"{source} to {target}");
    }

    /// <summary>A socket whose packets are not cut into fragments.</summary>
    private static Socket Open(IPEndPoint local)
    {
        const int MtuDiscover = 10;
        const int MtuDiscoverIPv6 = 23;
        const int Do = 2;
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        var (level, option) = local.AddressFamily == AddressFamily.InterNetwork ? (0, MtuDiscover) : (41, MtuDiscoverIPv6);
        socket.SetRawSocketOption(level, option, BitConverter.GetBytes(Do));
        socket.Bind(local);
        return socket;
    }
}
