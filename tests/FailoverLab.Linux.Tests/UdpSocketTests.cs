using System.Net;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux.Tests;

internal sealed class UdpSocketTests
{
    private static readonly byte[] Payload = [1, 2, 3, 4, 5];

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void Send_ToSelf_ArrivesWithSource(string address)
    {
        using var network = new PrivateNetwork();
        using var socket = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse(address), 0), "lo"));
        using var other = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse(address), 0)));
        Assert.That(other.Send(Payload, DatagramAddress.From(socket.LocalEndPoint)), Is.EqualTo(SendOutcome.Sent));

        Assert.That(new PollSet(socket).Wait(Soon()), Is.True);
        var buffer = new byte[100];
        Assert.That(socket.TryReceive(buffer, out var source, out var length), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(buffer[..length], Is.EqualTo(Payload));
            Assert.That(source.ToEndPoint(), Is.EqualTo(other.LocalEndPoint));
            Assert.That(socket.TryReceive(buffer, out _, out _), Is.False);
        });
    }

    [Test]
    public void Send_AfterPortUnreachable_LosesNothing()
    {
        using var network = new PrivateNetwork();
        using var socket = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
        using var target = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
        var closed = DatagramAddress.From(new IPEndPoint(IPAddress.Loopback, 9));
        var open = DatagramAddress.From(target.LocalEndPoint);
        for (var i = 0; i < 20; i++)
        {
            Assert.That(socket.Send(Payload, closed), Is.EqualTo(SendOutcome.Sent));
            Assert.That(socket.Send(Payload, open), Is.EqualTo(SendOutcome.Sent));
        }

        var received = 0;
        var buffer = new byte[100];
        while (target.TryReceive(buffer, out _, out _))
        {
            received++;
        }

        Assert.That(received, Is.EqualTo(20));
    }

    [Test]
    public void Send_InterfaceDown_IsUnreachable()
    {
        using var network = PrivateNetwork.WithVeth("address add 192.0.2.1/24 dev a", "neigh add 192.0.2.2 lladdr 02:00:00:00:00:0b dev a");
        using var socket = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), "a"));
        var peer = DatagramAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 7000));
        var whileUp = socket.Send(Payload, peer);
        network.Namespace.Run(() => InterfaceControl.SetDown("a"));
        Assert.Multiple(() =>
        {
            Assert.That(whileUp, Is.EqualTo(SendOutcome.Sent));
            Assert.That(socket.Send(Payload, peer), Is.EqualTo(SendOutcome.Unreachable));
        });
    }

    [Test]
    public void Bind_AddressNotHere_SaysWhatToDo()
    {
        using var network = new PrivateNetwork();
        var refused = Assert.Throws<LinuxException>(() => network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.9"), 7000))));
        Assert.That(refused.Message, Does.Contain("192.0.2.9:7000").And.Contain("ip address"));
    }

    [Test]
    public void SendAndReceive_InLoop_AllocateNothing()
    {
        using var network = new PrivateNetwork();
        using var socket = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
        var self = DatagramAddress.From(socket.LocalEndPoint);
        var set = new PollSet(socket);
        var buffer = new byte[100];
        Exchange();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var received = 0;
        for (var i = 0; i < 500; i++)
        {
            received += Exchange() ? 1 : 0;
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(received, Is.EqualTo(500));

        bool Exchange() => socket.Send(Payload, self) == SendOutcome.Sent && set.Wait(Soon()) && socket.TryReceive(buffer, out _, out _);
    }

    private static long Soon() => SystemClock.Shared.MonotonicNs + 1_000_000_000;
}
