using System.Buffers.Binary;
using System.Net;
using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

public sealed class IpPacketTests
{
    private static readonly IPAddress From4 = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress To4 = IPAddress.Parse("198.51.100.10");
    private static readonly IPAddress From6 = IPAddress.Parse("2001:db8::1");
    private static readonly IPAddress To6 = IPAddress.Parse("2001:db8::2");
    private static readonly byte[] Udp = FrameBuilder.Udp(9, 10, new byte[100]);

    [TestCase(false)]
    [TestCase(true)]
    public void TryRead_CutBySnapLength_GivesLengthsOnTheWire(bool ipv6)
    {
        var bytes = ipv6 ? FrameBuilder.Ip(From6, To6, Udp) : FrameBuilder.Ip(From4, To4, Udp);
        var cut = bytes.AsSpan(0, bytes.Length - 60);
        Assert.That(IpPacket.TryRead(cut, out var packet), Is.True);
        Assert.That((packet.Version, packet.Protocol, packet.WirePayloadLength, packet.Payload.Length), Is.EqualTo((ipv6 ? 6 : 4, (byte)17, 108, 48)));
        Assert.That(UdpDatagram.TryRead(packet, out var datagram), Is.True);
        Assert.That((datagram.WirePayloadLength, datagram.Payload.Length), Is.EqualTo((100, 40)));
    }

    [Test]
    public void TryRead_Padded_LeavesThePaddingAway()
    {
        Assert.That(IpPacket.TryRead([.. FrameBuilder.Ip(From4, To4, Udp), 1, 2, 3, 4], out var packet), Is.True);
        Assert.That((packet.WirePayloadLength, packet.Payload.Length), Is.EqualTo((108, 108)));
    }

    /// <summary>A card that segments fills the length in after the capture.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void TryRead_LengthZero_TakesAllThereIs(bool ipv6)
    {
        var bytes = ipv6 ? FrameBuilder.Ip(From6, To6, Udp) : FrameBuilder.Ip(From4, To4, Udp);
        bytes.AsSpan(ipv6 ? 4 : 2, 2).Clear();
        Assert.That(IpPacket.TryRead(bytes, out var packet), Is.True);
        Assert.That((packet.WirePayloadLength, packet.Payload.Length), Is.EqualTo((108, 108)));
    }

    [Test]
    public void TryRead_Version4Options_AreReadOver()
    {
        var plain = FrameBuilder.Ip(From4, To4, Udp);
        byte[] bytes = [.. plain.AsSpan(0, 20), 0x94, 4, 0, 0, 1, 1, 1, 0, .. plain.AsSpan(20)];
        bytes[0] = 0x47;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)bytes.Length);
        Assert.That(IpPacket.TryRead(bytes, out var packet), Is.True);
        Assert.That(packet.WirePayloadLength, Is.EqualTo(108));
        Assert.That(UdpDatagram.TryRead(packet, out var datagram), Is.True);
        Assert.That(datagram.DestinationPort, Is.EqualTo(10));
    }

    [TestCase(0x2000, 0, true, false)]
    [TestCase(0x2001, 8, true, true)]
    [TestCase(0x1FFF, 65528, false, true)]
    [TestCase(0x4000, 0, false, false)]
    public void TryRead_Version4Fragment_SaysWhichPart(int field, int offset, bool more, bool later)
    {
        var bytes = FrameBuilder.Ip(From4, To4, Udp);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), 0xBEEF);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)field);
        Assert.That(IpPacket.TryRead(bytes, out var packet), Is.True);
        Assert.That(
            (packet.Identification, packet.FragmentOffset, packet.MoreFragments, packet.IsLaterFragment, packet.IsFragment),
            Is.EqualTo((0xBEEFu, offset, more, later, more || later)));
        Assert.That(UdpDatagram.TryRead(packet, out _), Is.EqualTo(!later));
    }

    [TestCase(1, 0, true)]
    [TestCase(8 | 1, 8, true)]
    [TestCase(0xFFF8, 65528, false)]
    public void TryRead_Version6Fragment_SaysWhichPart(int field, int offset, bool more)
    {
        // Destination options, then the fragment header.
        byte[] chain = [44, 0, 1, 4, 0, 0, 0, 0, UdpDatagram.Protocol, 0, (byte)(field >> 8), (byte)field, 0xDE, 0xAD, 0xBE, 0xEF, .. Udp];
        var bytes = FrameBuilder.Ip(From6, To6, chain);
        bytes[6] = 60;
        Assert.That(IpPacket.TryRead(bytes, out var packet), Is.True);
        Assert.That(
            (packet.Protocol, packet.Identification, packet.FragmentOffset, packet.MoreFragments, packet.WirePayloadLength),
            Is.EqualTo(((byte)17, 0xDEADBEEFu, offset, more, 108)));
        Assert.That(UdpDatagram.TryRead(packet, out _), Is.EqualTo(offset == 0));
    }

    /// <summary>A later fragment of a packet whose data happens to look like a chain of headers.</summary>
    [Test]
    public void TryRead_Version6LaterFragmentOfExtension_IsNotWalked()
    {
        byte[] chain = [60, 0, 0, 8, 0, 0, 0, 9, 17, 0, 0, 0, 0, 0, 0, 0, .. Udp];
        var bytes = FrameBuilder.Ip(From6, To6, chain);
        bytes[6] = 44;
        Assert.That(IpPacket.TryRead(bytes, out var packet), Is.True);
        Assert.That((packet.Protocol, packet.FragmentOffset, packet.Payload.Length), Is.EqualTo(((byte)60, 8, chain.Length - 8)));
    }

    [TestCase("")]
    [TestCase("45")]
    [TestCase("55000014000000000000000000000000000000000000")]
    [TestCase("44000014000000000000000000000000000000000000")]
    [TestCase("45000013000000000000000000000000000000000000")]
    [TestCase("4F000014000000000000000000000000000000000000")]
    [TestCase("6000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void TryRead_CutOrNonsense_IsRefused(string hex) => Assert.That(IpPacket.TryRead(Convert.FromHexString(hex), out _), Is.False);
}
