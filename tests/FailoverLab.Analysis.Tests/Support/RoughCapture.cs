using System.Net;
using FailoverLab.Packets;
using FailoverLab.Primitives;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

/// <summary>A capture of some flows with all that makes reading it in parts hard, by a seed.</summary>
/// <param name="seed">Equal seeds give equal files.</param>
internal sealed class RoughCapture(ulong seed)
{
    private const int NsPerSecond = 1_000_000_000;

    private readonly SeededRandom _random = new(seed);

    /// <summary>Whether it is a pcapng file.</summary>
    public bool IsPcapng { get; private init; } = seed % 2 == 0;

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes(bool rough = true)
    {
        var packets = Packets(rough);
        var bigEndian = rough && _random.Next(3) == 0;
        var file = new CaptureBytes(bigEndian);
        if (IsPcapng) file.Section().Interface(1, 0, (2, "host.eth0"u8.ToArray()), (9, [9]));
        else file.PcapHeader(0xA1B23C4D);
        foreach (var (stamp, data) in packets)
        {
            if (IsPcapng) Write(file, stamp, data, rough);
            else file.PcapPacket((uint)(stamp / NsPerSecond), (uint)(stamp % NsPerSecond), data);
        }

        var bytes = file.ToArray();
        if (!rough) return bytes;

        // Torn, damaged in the middle, or whole.
        var harm = _random.Next(4);
        if (harm == 0) return bytes[..^_random.Next(60)];
        if (harm == 1) BitConverter.TryWriteBytes(bytes.AsSpan(_random.Next(bytes.Length - 8)), (ulong)_random.Next(int.MaxValue) << _random.Next(33));
        return bytes;
    }

    private void Write(CaptureBytes file, long stamp, byte[] data, bool rough)
    {
        // Blocks between the packets; interfaces and sections that begin in the middle.
        switch (rough ? _random.Next(150) : -1)
        {
            case 0:
                file.Block(5, b => b.Words(0, 0, 0).Options((5, BitConverter.GetBytes(3L))));
                break;
            case 1:
                file.Block(0x0BAD, b => b.Raw(new byte[4 * _random.Next(400)]));
                break;
            case 2:
                file.Interface(1, 0, (2, "host.eth1"u8.ToArray()), (9, [9]));
                break;
            case 3:
                file.Section().Interface(1, 0, (2, "host.eth2"u8.ToArray()), (9, [9]));
                break;
        }

        if (rough && _random.Next(20) == 0) file.Packet(0, (ulong)stamp, data, (1, "a comment"u8.ToArray()));
        else file.Packet(0, (ulong)stamp, data);
    }

    /// <summary>Flows that lose packets one by one and for a while, twice, overtaken, and of several kinds; stamps that go back.</summary>
    private List<(long Stamp, byte[] Data)> Packets(bool rough)
    {
        var packets = new List<(long Stamp, byte[] Data)>();
        var (flows, count, cut) = (_random.Next(6) + 1, _random.Next(700) + 300, _random.Next(300));
        for (var i = 0; i < count; i++)
        {
            for (var flow = 0; flow < flows; flow++)
            {
                var sent = T0 + (i * Ms) + (flow * 1000);
                if (i > cut && i < cut + 60 && flow < 2) continue;
                if (_random.Next(50) == 0) continue;
                var header = new ProbeHeader((uint)(flow + 1), (ulong)i, sent, 0);
                for (var copy = _random.Next(40) == 0 ? 2 : 1; copy > 0; copy--)
                    packets.Add((sent + (20 * Ms) + _random.Next(3_000_000), FrameBuilder.Probe(header, payloadSize: ProbeHeader.Size + _random.Next(rough ? 900 : 90))));
            }

            if (rough && _random.Next(30) == 0) packets.Add((T0 + (i * Ms) + (20 * Ms), Udp((ushort)(1000 + (i / 200)), new byte[1 + _random.Next(3000)])));
            if (rough && _random.Next(60) == 0) packets.Add((T0 + (i * Ms) + (20 * Ms), Udp(9, CaptureInside())));
        }

        packets.Sort((a, b) => a.Stamp.CompareTo(b.Stamp));
        for (var swap = rough ? _random.Next(30) : 0; swap > 0; swap--)
        {
            var (one, other) = (_random.Next(packets.Count), _random.Next(packets.Count));
            (packets[one], packets[other]) = (packets[other], packets[one]);
        }

        return packets;
    }

    /// <summary>A file transfer: bytes that look as records of a capture do.</summary>
    private byte[] CaptureInside()
    {
        var inside = new CaptureBytes(_random.Next(3) == 0);
        for (var i = 0; i < 40; i++)
        {
            if (IsPcapng) inside.Packet(0, (ulong)T0, new byte[20]);
            else inside.PcapPacket((uint)(T0 / NsPerSecond), 1, new byte[_random.Next(20) + 1]);
        }

        return inside.ToArray();
    }

    private static byte[] Udp(ushort port, byte[] payload) =>
        FrameBuilder.Ethernet(false, FrameBuilder.Ip(IPAddress.Parse("192.0.2.7"), IPAddress.Parse("198.51.100.9"), FrameBuilder.Udp(port, 7777, payload)));
}
