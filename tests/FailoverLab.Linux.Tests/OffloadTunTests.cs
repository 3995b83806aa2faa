using System.Buffers.Binary;
using System.Net;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux.Tests;

internal sealed class OffloadTunTests
{
    private static readonly byte[] Answer = "an answer in two parts"u8.ToArray();

    [Test]
    public void OffloadTun_UdpOutAndBackInParts_RoundTrips()
    {
        using var network = new PrivateNetwork();
        using var tun = network.Namespace.Run(() => OffloadTun.Create("tun0"));
        network.Ip("link set tun0 addrgenmode none");
        network.Ip("address add 192.0.2.129/28 dev tun0");
        network.Namespace.Run(() => InterfaceControl.SetUp("tun0"));
        using var socket = network.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.129"), 7000)));
        var peer = DatagramAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.130"), 7001));
        Assert.That(socket.Send("hello"u8, peer), Is.EqualTo(SendOutcome.Sent));

        var buffer = new byte[65536];
        Assert.That(new PollSet(tun).Wait(Soon()), Is.True);
        Assert.That(tun.TryRead(buffer, out var length, out var offload), Is.True);
        Assert.That(buffer[28..length], Is.EqualTo("hello"u8.ToArray()));
        Assert.That((offload.IsChecksumPartial, offload.IsSegmented, offload.ChecksumStart, offload.ChecksumOffset), Is.EqualTo((true, false, 20, 6)));

        // The answer's headers and its two halves lie apart in memory, and the kernel is to complete the checksum.
        var memory = new byte[1000];
        var header = memory.AsSpan(100, 28);
        buffer.AsSpan(0, 28).CopyTo(header);
        buffer.AsSpan(12, 4).CopyTo(header[16..]);
        buffer.AsSpan(16, 4).CopyTo(header[12..]);
        buffer.AsSpan(20, 2).CopyTo(header[22..]);
        buffer.AsSpan(22, 2).CopyTo(header[20..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(28 + Answer.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header[24..], (ushort)(8 + Answer.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)~Sum(header[..10], header[12..20]));
        BinaryPrimitives.WriteUInt16BigEndian(header[26..], Sum(header[12..20], [0, 17, 0, (byte)(8 + Answer.Length)]));
        Answer.AsSpan(0, 10).CopyTo(memory.AsSpan(500));
        Answer.AsSpan(10).CopyTo(memory.AsSpan(300));
        var outcome = tun.Write(memory, [new ByteRange(100, 28), new ByteRange(500, 10), new ByteRange(300, Answer.Length - 10)], offload);
        Assert.That(outcome, Is.EqualTo(SendOutcome.Sent));
        Assert.That(new PollSet(socket).Wait(Soon()), Is.True);
        Assert.That(socket.TryReceive(buffer, out var source, out var received), Is.True);
        Assert.That((buffer[..received], source), Is.EqualTo((Answer, peer)));
    }

    [Test]
    public void Create_ThisKernel_LeavesTcpUncut()
    {
        using var network = new PrivateNetwork();
        using var tun = network.Namespace.Run(() => OffloadTun.Create("tun0"));
        Assert.That(tun.SegmentsTcp, Is.True);
    }

    [Test]
    public void Write_InterfaceDown_IsUnreachable()
    {
        using var network = new PrivateNetwork();
        using var tun = network.Namespace.Run(() => OffloadTun.Create("tun0"));
        var packet = new byte[28];
        packet[0] = 0x45;
        Assert.That(tun.Write(packet, [new ByteRange(0, 28)], default), Is.EqualTo(SendOutcome.Unreachable));
        Assert.That(tun.TryRead(packet, out _, out _), Is.False);
    }

    [Test]
    public void Write_PartOutsideTheMemory_IsRefused()
    {
        using var network = new PrivateNetwork();
        using var tun = network.Namespace.Run(() => OffloadTun.Create("tun0"));
        Assert.Throws<ArgumentOutOfRangeException>(() => tun.Write(new byte[28], [new ByteRange(20, 9)], default));
    }

    private static ushort Sum(params ReadOnlySpan<byte[]> parts)
    {
        var sum = 0U;
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Length; i += 2)
            {
                sum += (uint)((part[i] << 8) | part[i + 1]);
            }
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    private static ushort Sum(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Sum([first.ToArray(), second.ToArray()]);

    private static long Soon() => SystemClock.Shared.MonotonicNs + 1_000_000_000;
}
