using System.Buffers.Binary;
using System.Net;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux.Tests;

internal sealed class TunDeviceTests
{
    [Test]
    public void TunDevice_UdpOutAndBack_RoundTrips()
    {
        using var network = new PrivateNetwork();
        using var tun = network.Namespace.Run(() => TunDevice.Create("tun0"));
        network.Ip("address add 192.0.2.129/28 dev tun0");
        network.Namespace.Run(() => InterfaceControl.SetUp("tun0"));
        using var socket = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.129"), 7000)));
        var peer = DatagramAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.130"), 7001));
        Assert.That(socket.Send("hello"u8, peer), Is.EqualTo(SendOutcome.Sent));

        var packet = new byte[2048];
        var length = ReadIPv4(tun, packet);
        Assert.That(packet[28..length], Is.EqualTo("hello"u8.ToArray()));

        // Turned round: swapping both addresses and both ports keeps every checksum right.
        Swap(packet, 12, 16, 4);
        Swap(packet, 20, 22, 2);
        Assert.That(tun.Write(packet.AsSpan(0, length)), Is.EqualTo(SendOutcome.Sent));
        Assert.That(new PollSet(socket).Wait(Soon()), Is.True);
        var payload = new byte[100];
        Assert.That(socket.TryReceive(payload, out var source, out var received), Is.True);
        Assert.That((payload[..received], source), Is.EqualTo(("hello"u8.ToArray(), peer)));
    }

    [Test]
    public void Write_InterfaceDown_IsUnreachable()
    {
        using var network = new PrivateNetwork();
        using var tun = network.Namespace.Run(() => TunDevice.Create("tun0"));
        var packet = new byte[28];
        packet[0] = 0x45;
        Assert.That(tun.Write(packet), Is.EqualTo(SendOutcome.Unreachable));
    }

    [Test]
    public void Create_NameTaken_SaysSo()
    {
        using var network = new PrivateNetwork();
        using var first = network.Namespace.Run(() => TunDevice.Create("tun0"));
        var refused = Assert.Throws<LinuxException>(() => network.Namespace.Run(() => TunDevice.Create("tun0")));
        Assert.That(refused.Message, Does.Contain("tun0").And.Contain("holds it"));
    }

    // The kernel says hello by IPv6 when a TUN comes up; those packets are passed over.
    private static int ReadIPv4(TunDevice tun, byte[] packet)
    {
        var set = new PollSet(tun);
        while (set.Wait(Soon()))
        {
            if (tun.TryRead(packet, out var length, out _) && packet[0] >> 4 == 4)
            {
                Assert.That(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)), Is.EqualTo(length));
                return length;
            }
        }

        throw new AssertionException("No IPv4 packet came out of the TUN.");
    }

    private static void Swap(byte[] packet, int first, int second, int length)
    {
        var kept = packet[first..(first + length)];
        packet.AsSpan(second, length).CopyTo(packet.AsSpan(first));
        kept.CopyTo(packet.AsSpan(second));
    }

    private static long Soon() => SystemClock.Shared.MonotonicNs + 1_000_000_000;
}
