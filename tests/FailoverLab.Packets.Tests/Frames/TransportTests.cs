using System.Net;
using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

/// <summary>Headers inside IP, byte by byte and as real programs sent them.</summary>
public sealed class TransportTests
{
    private const byte Icmp4 = 1;
    private const byte Icmp6 = 58;

    [Test]
    public void TcpSegment_WithOptionsAndCut_GivesLengthsOnTheWire()
    {
        byte[] header = [0x1F, 0x90, 0xC3, 0x50, 0xFF, 0xFF, 0xFF, 0xFE, 1, 2, 3, 4, 0x80, 0x19, 0x01, 0xF6, 0, 0, 0, 0, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
        var bytes = Ip(TcpSegment.Protocol, [.. header, .. new byte[1000]]);
        Assert.That(IpPacket.TryRead(bytes.AsSpan(0, 20 + 32 + 10), out var ip), Is.True);
        Assert.That(TcpSegment.TryRead(ip, out var segment), Is.True);
        Assert.That((segment.SourcePort, segment.DestinationPort, segment.Window), Is.EqualTo(((ushort)8080, (ushort)50000, (ushort)502)));
        Assert.That((segment.Sequence, segment.Acknowledgment), Is.EqualTo((0xFFFFFFFEu, 0x01020304u)));
        Assert.That(segment.Flags, Is.EqualTo(TcpFlags.Ack | TcpFlags.Psh | TcpFlags.Fin));
        Assert.That((segment.WirePayloadLength, segment.Payload.Length, segment.Options.Length), Is.EqualTo((1000, 10, 12)));
        Assert.That(segment.SequenceLength, Is.EqualTo(1001u));
    }

    [TestCase(0x02, 1u)]
    [TestCase(0x12, 1u)]
    [TestCase(0x10, 0u)]
    [TestCase(0x11, 1u)]
    [TestCase(0x04, 0u)]
    public void TcpSegment_WithoutData_UsesNumbersForSynAndFin(int flags, uint expected)
    {
        var bytes = Ip(TcpSegment.Protocol, [0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, (byte)flags, 0, 0, 0, 0, 0, 0]);
        Assert.That(IpPacket.TryRead([.. bytes, .. new byte[6]], out var ip), Is.True);
        Assert.That(TcpSegment.TryRead(ip, out var segment), Is.True);
        Assert.That((segment.SequenceLength, segment.WirePayloadLength), Is.EqualTo((expected, 0)), "padding of short Ethernet frames is no data");
    }

    [TestCase(0x40)]
    [TestCase(0x60)]
    [TestCase(0x00)]
    public void TcpSegment_HeaderLengthWrong_IsRefused(int offset)
    {
        var bytes = Ip(TcpSegment.Protocol, [0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, (byte)offset, 0x10, 0, 0, 0, 0, 0, 0]);
        Assert.That(IpPacket.TryRead(bytes, out var ip), Is.True);
        Assert.That(TcpSegment.TryRead(ip, out _), Is.False);
    }

    /// <summary>Only the options are cut: ports, numbers and length are all there.</summary>
    [Test]
    public void TcpSegment_CutInOptions_IsRead()
    {
        var bytes = Ip(TcpSegment.Protocol, [0, 1, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0xA0, 0x02, 0, 0, 0, 0, 0, 0, .. new byte[20]]);
        Assert.That(IpPacket.TryRead(bytes.AsSpan(0, 45), out var ip), Is.True);
        Assert.That(TcpSegment.TryRead(ip, out var segment), Is.True);
        Assert.That((segment.WirePayloadLength, segment.Options.Length, segment.Payload.Length), Is.EqualTo((0, 5, 0)));
    }

    [TestCase(Icmp4, 8, false, false)]
    [TestCase(Icmp4, 0, false, true)]
    [TestCase(Icmp6, 128, true, false)]
    [TestCase(Icmp6, 129, true, true)]
    public void IcmpEcho_RequestAndReply_AreRead(byte protocol, int type, bool ipv6, bool isReply)
    {
        var bytes = Ip(protocol, [(byte)type, 0, 0x55, 0x66, 0x12, 0x34, 0x00, 0x07, .. new byte[56]], ipv6);
        Assert.That(IpPacket.TryRead(bytes, out var ip), Is.True);
        Assert.That(IcmpEcho.TryRead(ip, out var echo), Is.True);
        Assert.That(echo, Is.EqualTo(new IcmpEcho(0x1234, 7, isReply, 56)));
    }

    [TestCase(Icmp4, 3, false)]
    [TestCase(Icmp4, 128, false)]
    [TestCase(Icmp6, 8, true)]
    [TestCase(Icmp6, 0, true)]
    [TestCase(Icmp6, 8, false)]
    [TestCase(UdpDatagram.Protocol, 8, false)]
    public void IcmpEcho_AnythingElse_IsRefused(byte protocol, int type, bool ipv6)
    {
        var bytes = Ip(protocol, [(byte)type, 0, 0, 0, 0, 0, 0, 0], ipv6);
        Assert.That(IpPacket.TryRead(bytes, out var ip), Is.True);
        Assert.That(IcmpEcho.TryRead(ip, out _), Is.False);
    }

    [Test]
    public void TryRead_LaterFragment_IsRefusedByEveryView()
    {
        foreach (var protocol in (byte[])[TcpSegment.Protocol, UdpDatagram.Protocol, Icmp4])
        {
            var bytes = Ip(protocol, [8, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0, .. new byte[40]]);
            bytes[7] = 1;
            Assert.That(IpPacket.TryRead(bytes, out var ip), Is.True);
            Assert.That(TcpSegment.TryRead(ip, out _) || UdpDatagram.TryRead(ip, out _) || IcmpEcho.TryRead(ip, out _), Is.False);
        }
    }

    [Test]
    public void RtpHeader_WithContributors_IsRead()
    {
        byte[] payload = [0x82, 0x80 | 111, 0x12, 0x34, 0, 1, 0, 2, 0xCA, 0xFE, 0xBA, 0xBE, .. new byte[8], 1, 2, 3];
        Assert.That(RtpHeader.TryRead(payload, out var header), Is.True);
        Assert.That(header, Is.EqualTo(new RtpHeader(111, true, 0x1234, 0x00010002, 0xCAFEBABE, 20)));
        Assert.That(RtpHeader.TryRead(payload.AsSpan(0, 11), out _), Is.False);
    }

    [TestCase(0x40, 0)]
    [TestCase(0xC0, 0)]
    [TestCase(0x80, 200)]
    [TestCase(0x81, 201)]
    [TestCase(0x80, 72)]
    public void RtpHeader_OtherVersionOrRtcp_IsRefused(int first, int second) =>
        Assert.That(RtpHeader.TryRead([(byte)first, (byte)second, .. new byte[20]], out _), Is.False);

    /// <summary>Start of payloads that iperf3 3.12 sent: <c>-u</c>, and <c>-u --udp-counters-64bit</c>.</summary>
    [TestCase("00001dfa0005c00100000001c5732eb97a0ebad0", 7674u, 376833u, 1ul, false)]
    [TestCase("00001dfa0005cc9400000002c5732eb97a0ebad0", 7674u, 380052u, 2ul, false)]
    [TestCase("00001dfd0003181600000000000000577799433d", 7677u, 202774u, 0x57ul, true)]
    public void Iperf3UdpHeader_AsSent_IsRead(string hex, uint seconds, uint microseconds, ulong sequence, bool is64Bit)
    {
        Assert.That(Iperf3UdpHeader.TryRead(Convert.FromHexString(hex), out var header), Is.True);
        Assert.That(header, Is.EqualTo(new Iperf3UdpHeader(seconds, microseconds, sequence, is64Bit)));
        Assert.That(header.SentNs, Is.EqualTo((seconds * 1_000_000_000L) + (microseconds * 1000L)));
    }

    /// <summary>The greeting of either end, no count yet, too many microseconds, cut.</summary>
    [TestCase("36373839")]
    [TestCase("39383736")]
    [TestCase("00001dfa0005c001000000000000000000000000")]
    [TestCase("00001dfa000f424000000001c5732eb97a0ebad0")]
    [TestCase("00001dfa0005c001000000")]
    [TestCase("00001dfa0005c00100000000000000")]
    public void Iperf3UdpHeader_AnythingElse_IsRefused(string hex) =>
        Assert.That(Iperf3UdpHeader.TryRead(Convert.FromHexString(hex), out _), Is.False);

    private static byte[] Ip(byte protocol, byte[] payload, bool ipv6 = false)
    {
        var bytes = ipv6
            ? FrameBuilder.Ip(IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2"), payload)
            : FrameBuilder.Ip(IPAddress.Parse("192.0.2.2"), IPAddress.Parse("198.51.100.10"), payload);
        bytes[ipv6 ? 6 : 9] = protocol;
        return bytes;
    }
}
