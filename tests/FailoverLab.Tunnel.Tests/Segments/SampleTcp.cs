using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel.Tests;

/// <summary>TCP packets as the kernel hands them over uncut, and the cutting of them.</summary>
internal sealed record SampleTcp
{
    public bool IsIPv6 { get; init; }

    public int Options { get; init; }

    public ushort Port { get; init; } = 5001;

    public uint Sequence { get; init; } = uint.MaxValue - 2000;

    public ushort Id { get; init; } = ushort.MaxValue - 1;

    public byte Flags { get; init; } = 0x10;

    public int SegmentSize { get; init; } = 1000;

    public int Payload { get; init; } = 5000;

    public int Transport => IsIPv6 ? 40 : 20;

    public int HeaderLength => Transport + 20 + Options;

    public OffloadHeader Offload => new(OffloadHeader.NeedsChecksum, IsIPv6 ? SegmentKind.TcpIPv6 : SegmentKind.TcpIPv4, (ushort)HeaderLength, (ushort)SegmentSize, (ushort)Transport, 16);

    /// <summary>The uncut packet.</summary>
    public byte[] Build()
    {
        var packet = new byte[HeaderLength + Payload];
        if (IsIPv6)
        {
            (packet[0], packet[3], packet[6], packet[7]) = (0x60, 9, 6, 64);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - 40));
            (packet[8], packet[23], packet[24], packet[39]) = (0x20, 1, 0x20, 2);
        }
        else
        {
            (packet[0], packet[6], packet[8], packet[9]) = (0x45, 0x40, 64, 6);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), Id);
            (packet[12], packet[15], packet[16], packet[19]) = (192, 1, 198, 2);
        }

        var tcp = packet.AsSpan(Transport);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], 80);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], 77);
        (tcp[12], tcp[13], tcp[14]) = ((byte)((20 + Options) / 4 << 4), Flags, 1);
        tcp[20..(20 + Options)].Fill(1);
        for (var i = HeaderLength; i < packet.Length; i++)
        {
            packet[i] = (byte)(i * 31 ^ i >> 8);
        }

        return packet;
    }

    /// <summary>Cut as the code under test cuts.</summary>
    public List<byte[]> Cut() => Cut(Build(), Offload);

    public static List<byte[]> Cut(byte[] packet, OffloadHeader offload)
    {
        if (!offload.IsSegmented)
        {
            Assert.That(PacketSegments.TryComplete(packet, offload), Is.True);
            return [packet];
        }

        Assert.That(PacketSegments.TryOpen(packet, offload, out var segments), Is.True);
        var cut = new List<byte[]>();
        var room = new byte[65536];
        while (segments.TryNext(room, out var length))
        {
            cut.Add(room[..length]);
        }

        return cut;
    }
}
