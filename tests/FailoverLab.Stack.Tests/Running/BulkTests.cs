using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace FailoverLab.Stack.Tests;

/// <summary>TCP through the real programs: what the kernel leaves uncut is cut, carried in trains, put together again, and is the same.</summary>
[NonParallelizable]
public sealed class BulkTests
{
    private const int Length = 24 << 20;
    private const int Port = 7100;

    [Test]
    public void Programs_TcpBothWaysInBothFamilies_ArrivesAsSent()
    {
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Ignore("needs /dev/net/tun");
        }

        using var lab = new TunnelLab();
        lab.StartAll();
        foreach (var (near, far) in new[] { ("192.0.2.129", "198.51.100.10"), ("2001:db8:f::11", "2001:db8:300::10") })
        {
            AssertArrives(lab, lab.Endpoint, near, lab.Business, far);
            AssertArrives(lab, lab.Business, far, lab.Endpoint, near);
        }
    }

    private static void AssertArrives(TunnelLab lab, Site from, string source, Site to, string target)
    {
        using var listener = to.Namespace.Run(() => Listen(IPAddress.Parse(target)));
        using var client = from.Namespace.Run(() => new Socket(SocketType.Stream, ProtocolType.Tcp));
        client.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        client.Connect(IPAddress.Parse(target), Port);
        using var server = listener.Accept();
        server.ReceiveTimeout = 30_000;
        var sent = new byte[Length];
        new Random(1).NextBytes(sent);
        var sender = new Thread(() =>
        {
            client.Send(sent);
            client.Shutdown(SocketShutdown.Send);
        });
        sender.Start();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        var received = 0;
        for (int read; (read = server.Receive(buffer)) > 0; received += read)
        {
            hash.AppendData(buffer, 0, read);
        }

        sender.Join();
        Assert.That(received, Is.EqualTo(Length), $"{source} to {target}\n{lab.Log()}");
        Assert.That(hash.GetHashAndReset(), Is.EqualTo(SHA256.HashData(sent)), $"{source} to {target}");
    }

    private static Socket Listen(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(address, Port));
        socket.Listen();
        return socket;
    }
}
