using System.Buffers.Binary;
using System.Net;
using FailoverLab.Packets;

namespace FailoverLab.Testing;

/// <summary>Valid captures, small, that together hold every format, block, link type and header that is read.</summary>
public static class Corpus
{
    /// <summary>Name of the file with several sections.</summary>
    public const string Sections = "pcapng sections";

    private static readonly ProbeHeader Probe = new(7, 41, 1_763_700_000_000_000_000, 0);
    private static readonly TunnelHeader Tunnel = new(TunnelHeader.DataType, 0, 101, 55, 66);

    /// <summary>Frames of Ethernet that hold each header.</summary>
    public static IReadOnlyList<byte[]> Frames { get; } =
    [
        FrameBuilder.Probe(Probe),
        FrameBuilder.Probe(Probe, ipv6: true),
        FrameBuilder.TunneledProbe(Probe, Tunnel),
        FrameBuilder.TunneledProbe(Probe, Tunnel, ipv6: true),
        FrameBuilder.Signal(Tunnel with { Type = 2 }),
        FrameBuilder.Ethernet(false, Ip(TcpSegment.Protocol, [0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 2, 0x60, 0x18, 1, 0, 0, 0, 0, 0, 2, 4, 5, 0xB4, .. new byte[9]])),
        FrameBuilder.Ethernet(false, Ip(1, [8, 0, 0, 0, 0, 1, 0, 2, .. new byte[8]]), 5, 6),
        FrameBuilder.Ethernet(true, Ip(58, [129, 0, 0, 0, 0, 1, 0, 2, .. new byte[8]], ipv6: true)),
        FrameBuilder.Ethernet(false, Ip(UdpDatagram.Protocol, FrameBuilder.Udp(5004, 5004, [0x81, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, .. new byte[8]]))),
        FrameBuilder.Ethernet(false, Ip(UdpDatagram.Protocol, FrameBuilder.Udp(5201, 5201, Convert.FromHexString("00001dfd0003181600000000000000577799433d")))),
        Fragment(),
        FrameBuilder.Ethernet(true, Extended()),
    ];

    /// <summary>Name and bytes; packets that Wireshark counts in each.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes, int Packets)> Files { get; } = [.. Make()];

    private static byte[] Ip4 => Ip(UdpDatagram.Protocol, FrameBuilder.Udp(9, 10, new byte[12]));

    private static IEnumerable<(string, byte[], int)> Make()
    {
        foreach (var (magic, bigEndian, name) in ((uint, bool, string)[])[
            (0xA1B2C3D4, false, "us little"), (0xA1B2C3D4, true, "us big"), (0xA1B23C4D, false, "ns little"), (0xA1B23C4D, true, "ns big")])
        {
            var file = new CaptureBytes(bigEndian).PcapHeader(magic);
            foreach (var frame in Frames.Take(3)) file.PcapPacket(1_763_700_000, 999_999, frame);
            yield return ($"pcap {name}", file.ToArray(), 3);
        }

        foreach (var (linkType, header) in LinkTypes())
        {
            yield return ($"pcap link type {linkType}", new CaptureBytes(false).PcapHeader(0xA1B2C3D4, linkType).PcapPacket(1, 2, [.. header, .. Ip4]).ToArray(), 1);
        }

        for (var i = 0; i < Frames.Count; i++)
        {
            yield return ($"pcapng frame {i}", new CaptureBytes(i % 2 == 1).Section().Interface(1, 0, (9, [9])).Packet(0, 1_763_700_000_000_000_000 + (ulong)i, Frames[i]).ToArray(), 1);
        }

        foreach (var bigEndian in (bool[])[false, true])
        {
            yield return ($"pcapng blocks {bigEndian}", Blocks(bigEndian), 5);
            yield return ($"pcapng clocks {bigEndian}", Clocks(bigEndian), 5);
        }

        yield return (Sections, [.. Blocks(false), .. Blocks(true), .. Clocks(false)], 15);
        yield return ("pcapng empty", new CaptureBytes(false).Section().ToArray(), 0);
        yield return ("pcap empty", new CaptureBytes(false).PcapHeader(0xA1B2C3D4).ToArray(), 0);
    }

    private static IEnumerable<(uint LinkType, byte[] Header)> LinkTypes()
    {
        yield return (0, [2, 0, 0, 0]);
        yield return (12, []);
        yield return (14, []);
        yield return (101, []);
        yield return (108, [0, 0, 0, 2]);
        yield return (113, [.. new byte[14], 8, 0]);
        yield return (228, []);
        yield return (276, [8, 0, .. new byte[18]]);
    }

    /// <summary>Every kind of block: enhanced, simple, obsolete; statistics, names, a custom and an unknown one; comments.</summary>
    private static byte[] Blocks(bool bigEndian) => new CaptureBytes(bigEndian)
        .Section()
        .Interface(1, 65535, (1, "a comment"u8.ToArray()), (2, "eth0"u8.ToArray()), (9, [9]))
        .Packet(0, 1_763_700_000_000_000_001, Frames[0], (1, "first"u8.ToArray()), (1, "and more"u8.ToArray()), (2, [0, 0, 0, 1]))
        .Block(3, b => b.Words((uint)Frames[1].Length).Raw(Frames[1]).Raw(new byte[-Frames[1].Length & 3]))
        .Block(4, b => b.HalfWords(1, 7).Raw(192, 0, 2, 1).Raw("ab\0"u8).Raw(0).HalfWords(0, 0))
        .Block(0x0BAD, b => b.Words(32473).Raw(1, 2, 3, 4))
        .Block(0x40000BAD, b => b.Words(32473).Raw(1, 2, 3, 4))
        .Block(0x0A, b => b.Words(0x544C534B, 4).Raw(1, 2, 3, 4))
        .Interface(101, 40)
        .Packet(1, 1_763_700_000_000_002, Ip4.AsSpan(0, 40).ToArray())
        .Block(2, b => b.HalfWords(0, 3).Words(0x187A_0000, 5, (uint)Frames[2].Length, (uint)Frames[2].Length).Raw(Frames[2]).Raw(new byte[-Frames[2].Length & 3]))
        .Packet(0, 1_763_700_000_000_000_009, Frames[5])
        .Block(5, b => b.Words(0, 0, 0).HalfWords(4, 8).Words(77, 0).HalfWords(5, 8).Words(6, 0).HalfWords(7, 8).Words(1, 0).HalfWords(0, 0))
        .ToArray();

    /// <summary>Every way of counting time: default, 10^-3, 10^-12, 2^-20, and ns with an offset.</summary>
    private static byte[] Clocks(bool bigEndian)
    {
        var offset = new byte[8];
        if (bigEndian) BinaryPrimitives.WriteInt64BigEndian(offset, -1000);
        else BinaryPrimitives.WriteInt64LittleEndian(offset, -1000);
        return new CaptureBytes(bigEndian).Section()
            .Interface(1, 0).Interface(1, 0, (9, [3])).Interface(1, 0, (9, [12])).Interface(1, 0, (9, [0x80 | 20])).Interface(1, 0, (9, [9]), (14, offset))
            .Packet(0, 1_763_700_000_000_001, Frames[0])
            .Packet(1, 1_763_700_000_123, Frames[1])
            .Packet(2, 12_345_678_000_000_001_000, Frames[2])
            .Packet(3, (1_763_700_000UL << 20) + 77, Frames[3])
            .Packet(4, 1_763_700_000_000_000_001, Frames[4])
            .ToArray();
    }

    private static byte[] Ip(byte protocol, byte[] payload, bool ipv6 = false)
    {
        var bytes = ipv6
            ? FrameBuilder.Ip(IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2"), payload)
            : FrameBuilder.Ip(IPAddress.Parse("192.0.2.2"), IPAddress.Parse("198.51.100.10"), payload);
        bytes[ipv6 ? 6 : 9] = protocol;
        return bytes;
    }

    private static byte[] Fragment()
    {
        var bytes = Ip4;
        bytes[6] = 0x20;
        bytes[7] = 0x02;
        return FrameBuilder.Ethernet(false, bytes);
    }

    /// <summary>Hop-by-hop, authentication, destination options, a first fragment, UDP.</summary>
    private static byte[] Extended()
    {
        byte[] chain =
        [
            51, 0, 1, 4, 0, 0, 0, 0, 60, 4, .. new byte[22], 44, 0, 1, 4, 0, 0, 0, 0, UdpDatagram.Protocol, 0, 0, 1, 0, 0, 0, 9, .. FrameBuilder.Udp(9, 10, new byte[40]),
        ];
        return [.. Ip(0, chain, ipv6: true)];
    }
}
