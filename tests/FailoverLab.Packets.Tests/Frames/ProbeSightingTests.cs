using System.Net;
using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

public sealed class ProbeSightingTests
{
    private static readonly ProbeHeader Header = new(7, 0x1_0000_0001, 1_700_000_000_000_000_001, 1);
    private static readonly TunnelHeader Tunnel = new(TunnelHeader.DataType, 0, 101, 55, 66);

    private static byte[] Payload
    {
        get
        {
            var payload = new byte[ProbeHeader.Size];
            Header.Write(payload);
            return payload;
        }
    }

    private static byte[] Ip4 => FrameBuilder.Ip(IPAddress.Parse("192.0.2.2"), IPAddress.Parse("198.51.100.10"), FrameBuilder.Udp(9, 10, Payload));

    private static IEnumerable<TestCaseData> Wrappings()
    {
        yield return new TestCaseData(CaptureLinkType.Ethernet, FrameBuilder.Ethernet(false, Ip4)).SetArgDisplayNames("Ethernet");
        yield return new TestCaseData(CaptureLinkType.Ethernet, FrameBuilder.Ethernet(false, Ip4, 5)).SetArgDisplayNames("802.1Q");
        yield return new TestCaseData(CaptureLinkType.Ethernet, FrameBuilder.Ethernet(false, Ip4, 5, 6)).SetArgDisplayNames("QinQ");
        yield return new TestCaseData(CaptureLinkType.Ethernet, (byte[])[.. FrameBuilder.Ethernet(false, Ip4), 0, 0, 0]).SetArgDisplayNames("padded");
        yield return new TestCaseData(CaptureLinkType.Raw, Ip4).SetArgDisplayNames("raw");
        yield return new TestCaseData(CaptureLinkType.LinuxSll, (byte[])[.. new byte[14], 0x08, 0x00, .. Ip4]).SetArgDisplayNames("SLL");
        yield return new TestCaseData(CaptureLinkType.LinuxSll2, (byte[])[0x08, 0x00, .. new byte[18], .. Ip4]).SetArgDisplayNames("SLL2");
        yield return new TestCaseData(CaptureLinkType.Null, (byte[])[2, 0, 0, 0, .. Ip4]).SetArgDisplayNames("null");
        yield return new TestCaseData(CaptureLinkType.Ethernet, FrameBuilder.Probe(Header, ipv6: true)).SetArgDisplayNames("IPv6");
        yield return new TestCaseData(CaptureLinkType.Raw, WithExtensions()).SetArgDisplayNames("IPv6 extension headers");
        yield return new TestCaseData(CaptureLinkType.Ethernet, FrameBuilder.TunneledProbe(Header, Tunnel)).SetArgDisplayNames("tunnel");
        yield return new TestCaseData(CaptureLinkType.Ethernet, FrameBuilder.TunneledProbe(Header, Tunnel, ipv6: true)).SetArgDisplayNames("IPv6 in tunnel");
    }

    [TestCaseSource(nameof(Wrappings))]
    public void TryRead_Wrapped_FindsTheProbe(CaptureLinkType linkType, byte[] frame)
    {
        Assert.That(ProbeSighting.TryRead(linkType, frame, out var sighting), Is.True);
        Assert.That(sighting.Probe, Is.EqualTo(Header));
    }

    [TestCaseSource(nameof(Wrappings))]
    public void TryRead_EveryPrefix_NeverThrowsAndNeverInvents(CaptureLinkType linkType, byte[] frame)
    {
        for (var length = 0; length < frame.Length; length++)
        {
            if (ProbeSighting.TryRead(linkType, frame.AsSpan(0, length), out var sighting)) Assert.That(sighting.Probe, Is.EqualTo(Header));
        }
    }

    [Test]
    public void TryRead_TunnelSignal_GivesItsHeaderAndSender()
    {
        var keepalive = Tunnel with { Type = 2 };
        Assert.That(ProbeSighting.TryRead(CaptureLinkType.Ethernet, FrameBuilder.Signal(keepalive, "203.0.113.18"), out var sighting), Is.True);
        Assert.That(sighting.Probe, Is.Null);
        Assert.That(sighting.Tunnel, Is.EqualTo(keepalive));
        Assert.That(new IPAddress(sighting.OuterSource), Is.EqualTo(IPAddress.Parse("203.0.113.18")));
    }

    [Test]
    public void TryRead_LaterFragment_IsNoProbe()
    {
        var packet = Ip4;
        packet[7] = 1;
        Assert.That(ProbeSighting.TryRead(CaptureLinkType.Raw, packet, out _), Is.False);
    }

    [Test]
    public void TryRead_OtherProtocolOrPayload_IsNoProbe()
    {
        var icmp = Ip4;
        icmp[9] = 1;
        var other = Ip4;
        other[28] = 0;
        Assert.That(ProbeSighting.TryRead(CaptureLinkType.Raw, icmp, out _), Is.False);
        Assert.That(ProbeSighting.TryRead(CaptureLinkType.Raw, other, out _), Is.False);
    }

    /// <summary>Hop-by-hop (8 bytes), then destination options (16 bytes), then a first fragment, then UDP.</summary>
    private static byte[] WithExtensions()
    {
        var udp = FrameBuilder.Udp(9, 10, Payload);
        byte[] chain = [60, 0, 0, 0, 0, 0, 0, 0, 44, 1, .. new byte[14], UdpDatagram.Protocol, 0, 0, 1, 0, 0, 0, 9, .. udp];
        var packet = FrameBuilder.Ip(IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2"), chain);
        packet[6] = 0;
        return packet;
    }
}
