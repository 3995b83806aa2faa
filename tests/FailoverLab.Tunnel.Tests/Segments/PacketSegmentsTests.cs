using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

public sealed class PacketSegmentsTests
{
    [Test]
    public void TryNext_TcpOfAnyShape_LegalPacketsThatMakeTheWhole([Values] bool isIPv6, [Values(0, 12, 40)] int options, [Values(1, 536, 1349)] int segmentSize, [Values(1, 1348, 1349, 4097)] int payload)
    {
        var sample = new SampleTcp { IsIPv6 = isIPv6, Options = options, SegmentSize = segmentSize, Payload = payload };
        var whole = sample.Build();
        var cut = sample.Cut();
        Assert.That(cut, Has.Count.EqualTo((payload + segmentSize - 1) / segmentSize));
        Assert.That(cut.SelectMany(p => p[sample.HeaderLength..]), Is.EqualTo(whole[sample.HeaderLength..]));
        for (var i = 0; i < cut.Count; i++)
        {
            var packet = cut[i];
            var tcp = packet.AsSpan(sample.Transport);
            Assert.That(PlainChecksum.IsRight(packet, 6), $"checksum of segment {i}");
            Assert.That(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(isIPv6 ? 4 : 2)), Is.EqualTo(isIPv6 ? packet.Length - 40 : packet.Length));
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]), Is.EqualTo(unchecked(sample.Sequence + (uint)(i * segmentSize))));
            Assert.That(isIPv6 || BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(4)) == unchecked((ushort)(sample.Id + i)), $"identification of segment {i}");
        }
    }

    [Test]
    public void TryNext_AllFlags_OnlyWhereTheyBelong()
    {
        // CWR, ECE, ACK, PSH, FIN: the first carries CWR, the last PSH and FIN (RFC 3168 section 6.1.2, RFC 9293).
        var flags = new SampleTcp { Flags = 0xD9, Payload = 3000 }.Cut().Select(p => p[33]);
        Assert.That(flags, Is.EqualTo(new byte[] { 0xD0, 0x50, 0x59 }));
    }

    [Test]
    public void TryNext_Udp_DatagramsOfTheirOwn([Values] bool isIPv6)
    {
        var packet = new SampleTcp { IsIPv6 = isIPv6, Payload = 2512 }.Build();
        var transport = isIPv6 ? 40 : 20;
        packet[isIPv6 ? 6 : 9] = 17;
        var cut = SampleTcp.Cut(packet, new OffloadHeader(1, SegmentKind.Udp, 0, 1200, (ushort)transport, 6));
        Assert.That(cut.Select(p => p.Length - transport - 8), Is.EqualTo(new[] { 1200, 1200, 124 }));
        Assert.That(cut, Is.All.Matches<byte[]>(p => PlainChecksum.IsRight(p!, 17) && BinaryPrimitives.ReadUInt16BigEndian(p!.AsSpan(transport + 4)) == p!.Length - transport));
    }

    [Test]
    public void TryComplete_PartialChecksum_IsRightAfterwards([Values] bool isIPv6, [Values(1, 1000, 1001)] int payload)
    {
        var sample = new SampleTcp { IsIPv6 = isIPv6, SegmentSize = 2000, Payload = payload };
        var expected = sample.Cut().Single();
        var packet = expected.ToArray();
        byte[] pseudo = [.. isIPv6 ? packet[8..40] : packet[12..20], 0, 6, (byte)((packet.Length - sample.Transport) >> 8), (byte)(packet.Length - sample.Transport)];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(sample.Transport + 16), PlainChecksum.Sum(pseudo));
        Assert.That(PacketSegments.TryComplete(packet, sample.Offload with { Kind = SegmentKind.None }), Is.True);
        Assert.That(packet, Is.EqualTo(expected));
    }

    [Test]
    public void TryNext_ManyPackets_AllocateNothing()
    {
        var sample = new SampleTcp { Payload = 40_000 };
        var (packet, offload, room) = (sample.Build(), sample.Offload, new byte[2000]);
        Rounds(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var cut = Rounds(100);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(cut, Is.EqualTo(4000));

        int Rounds(int rounds)
        {
            var count = 0;
            for (var i = 0; i < rounds; i++)
            {
                PacketSegments.TryOpen(packet, offload, out var segments);
                while (segments.TryNext(room, out _))
                {
                    count++;
                }
            }

            return count;
        }
    }

    [Test]
    public void TryOpen_NonsenseFromTheKernel_RefusedOrLegal([Values(1UL, 2UL, 3UL)] ulong seed)
    {
        var random = new SeededRandom(seed);
        var room = new byte[65536];
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new SampleTcp { IsIPv6 = random.Next(2) == 0, Payload = random.Next(300) }.Build().AsSpan(0);
            packet = packet[..random.Next(packet.Length + 1)];
            foreach (ref var b in packet[..Math.Min(packet.Length, 60)])
            {
                b = random.Next(8) == 0 ? (byte)random.Next(256) : b;
            }

            var offload = new OffloadHeader((byte)random.Next(2), (SegmentKind)random.Next(8), 0, (ushort)random.Next(200), (ushort)random.Next(80), (ushort)random.Next(80));
            _ = PacketSegments.TryComplete(packet, offload);
            if (PacketSegments.TryOpen(packet, offload, out var segments))
            {
                var count = 0;
                while (segments.TryNext(room, out var length))
                {
                    Assert.That(length, Is.InRange(1, packet.Length), $"seed {seed}, step {i}");
                    count++;
                }

                Assert.That(count, Is.InRange(1, packet.Length), $"seed {seed}, step {i}");
            }
        }
    }
}
