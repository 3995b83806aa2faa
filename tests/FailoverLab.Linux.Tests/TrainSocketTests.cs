using System.Net;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux.Tests;

internal sealed class TrainSocketTests
{
    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void SendTrain_ToATrainSocket_EveryDatagramOnceAndInOrder(string address)
    {
        using var network = new PrivateNetwork();
        using var from = Open(network, address, out _);
        using var to = Open(network, address, out var target);
        var train = Train(44, 1432, 700);
        Assert.That(from.SendTrain(train, 1432, target), Is.EqualTo(SendOutcome.Sent));
        Assert.That(from.Send("alone"u8, target), Is.EqualTo(SendOutcome.Sent));

        var received = new List<byte[]>();
        var buffer = new byte[TrainSocket.ReceiveRoom];
        var calls = 0;
        while (to.TryReceive(buffer, out var source, out var length, out var size))
        {
            Assert.That(source.ToEndPoint().Address, Is.EqualTo(IPAddress.Parse(address)));
            received.AddRange(buffer[..length].Chunk(size));
            calls++;
        }

        Assert.That(received, Has.Count.EqualTo(46));
        Assert.That(received[..45], Is.EqualTo(train.Chunk(1432)));
        Assert.That(received[45], Is.EqualTo("alone"u8.ToArray()));
        Assert.That(calls, Is.EqualTo(2), "the train did not arrive as one");
    }

    [Test]
    public void SendTrain_ToAnOrdinarySocket_OrdinaryDatagrams()
    {
        using var network = new PrivateNetwork();
        using var from = Open(network, "127.0.0.1", out _);
        using var to = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
        var train = Train(9, 1000, 10);
        Assert.That(from.SendTrain(train, 1000, DatagramAddress.From(to.LocalEndPoint)), Is.EqualTo(SendOutcome.Sent));
        Assert.That(ReceiveAll(to), Is.EqualTo(train.Chunk(1000)));
    }

    [Test]
    public void SendTrain_KernelRefusesTheTrain_SentOneByOne()
    {
        // Datagrams longer than the MTU cannot be segments of a train; alone they are fragmented.
        using var network = new PrivateNetwork("link set lo mtu 1000");
        using var from = Open(network, "127.0.0.1", out _);
        using var to = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
        var train = Train(3, 1432, 500);
        Assert.That(from.SendTrain(train, 1432, DatagramAddress.From(to.LocalEndPoint)), Is.EqualTo(SendOutcome.Sent));
        Assert.That(ReceiveAll(to), Is.EqualTo(train.Chunk(1432)));
    }

    [Test]
    public void SendTrain_NoRoute_IsUnreachable()
    {
        using var network = new PrivateNetwork();
        using var from = Open(network, "0.0.0.0", out _);
        var nowhere = DatagramAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.9"), 7));
        Assert.That(from.SendTrain(Train(3, 100, 50), 100, nowhere), Is.EqualTo(SendOutcome.Unreachable));
    }

    [Test]
    public void TryReceive_EmptyDatagram_IsOneDatagram()
    {
        using var network = new PrivateNetwork();
        using var socket = Open(network, "127.0.0.1", out var self);
        Assert.That(socket.Send([], self), Is.EqualTo(SendOutcome.Sent));
        Assert.That(socket.TryReceive(new byte[TrainSocket.ReceiveRoom], out _, out var length, out _), Is.True);
        Assert.That(length, Is.Zero);
    }

    [Test]
    public void SendTrain_AndTryReceive_AllocateNothing()
    {
        using var network = new PrivateNetwork();
        using var socket = Open(network, "127.0.0.1", out var self);
        var (train, buffer) = (Train(20, 1000, 10), new byte[TrainSocket.ReceiveRoom]);
        Rounds(50);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var received = Rounds(200);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(received, Is.EqualTo(200));

        int Rounds(int rounds)
        {
            var count = 0;
            for (var i = 0; i < rounds; i++)
            {
                socket.SendTrain(train, 1000, self);
                count += socket.TryReceive(buffer, out _, out var length, out _) && length == train.Length ? 1 : 0;
            }

            return count;
        }
    }

    private static TrainSocket Open(PrivateNetwork network, string address, out DatagramAddress self)
    {
        var socket = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse(address), 0)));
        self = DatagramAddress.From(socket.LocalEndPoint);
        return new TrainSocket(socket);
    }

    private static byte[] Train(int whole, int size, int last)
    {
        var bytes = new byte[(whole * size) + last];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i / size * 7 ^ i);
        }

        return bytes;
    }

    private static List<byte[]> ReceiveAll(UdpSocket socket)
    {
        var received = new List<byte[]>();
        var buffer = new byte[65536];
        while (socket.TryReceive(buffer, out _, out var length))
        {
            received.Add(buffer[..length]);
        }

        return received;
    }
}
