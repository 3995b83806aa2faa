using FailoverLab.Primitives;
using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

public sealed class CaptureReaderTests
{
    private static readonly byte[] Data = [1, 2, 3, 4, 5];

    [TestCase(0xA1B2C3D4u, false, 1_700_000_000_000_250_000L)]
    [TestCase(0xA1B2C3D4u, true, 1_700_000_000_000_250_000L)]
    [TestCase(0xA1B23C4Du, false, 1_700_000_000_000_000_250L)]
    [TestCase(0xA1B23C4Du, true, 1_700_000_000_000_000_250L)]
    public void TryReadNext_Pcap_GivesStampInNanoseconds(uint magic, bool bigEndian, long stampNs)
    {
        var bytes = new CaptureBytes(bigEndian).PcapHeader(magic, 101).PcapPacket(1_700_000_000, 250, Data).ToArray();
        var packets = ReadAll(bytes, out var reader);
        Assert.That(packets, Is.EqualTo(new[] { (stampNs, 5, 0) }));
        Assert.That((reader.Interfaces[0].LinkType, reader.Truncated), Is.EqualTo((CaptureLinkType.Raw, false)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void TryReadNext_PcapngSectionsAndInterfaces_KeepsThemApart(bool bigEndian)
    {
        var bytes = new CaptureBytes(bigEndian)
            .Section()
            .Interface(1, 0, (2, "first"u8.ToArray()))
            .Packet(0, 1_700_000_000_000_007, Data)
            .Interface(113, 0, (2, "second"u8.ToArray()), (9, [9]), (1, "a comment"u8.ToArray()))
            .Packet(1, 1_700_000_000_000_000_008, Data, (1, "why"u8.ToArray()))
            .Section()
            .Interface(101, 0, (2, "third"u8.ToArray()), (9, [0x80 | 10]))
            .Packet(0, (1_700_000_000UL << 10) + 512, Data)
            .ToArray();
        var packets = ReadAll(bytes, out var reader);
        Assert.That(packets, Is.EqualTo(new[]
        {
            (1_700_000_000_000_007_000L, 5, 0), (1_700_000_000_000_000_008L, 5, 1), (1_700_000_000_500_000_000L, 5, 2),
        }));
        Assert.That(reader.Interfaces.Select(i => (i.Name, i.LinkType)), Is.EqualTo(new[]
        {
            ("first", CaptureLinkType.Ethernet), ("second", CaptureLinkType.LinuxSll), ("third", CaptureLinkType.Raw),
        }));
    }

    [Test]
    public void TryReadNext_SectionsOfBothByteOrders_ReadsBoth()
    {
        var little = new CaptureBytes(false).Section().Interface(1, 0).Packet(0, 1, Data).ToArray();
        var big = new CaptureBytes(true).Section().Interface(1, 0).Packet(0, 2, Data).ToArray();
        Assert.That(ReadAll([.. little, .. big], out _), Is.EqualTo(new[] { (1000L, 5, 0), (2000L, 5, 1) }));
    }

    [Test]
    public void TryReadNext_TimeOffset_IsAdded()
    {
        var offset = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(offset, -3600);
        var bytes = new CaptureBytes(false).Section().Interface(1, 0, (9, [9]), (14, offset)).Packet(0, 1_700_000_000_000_000_001, Data).ToArray();
        Assert.That(ReadAll(bytes, out _), Is.EqualTo(new[] { (1_699_996_400_000_000_001L, 5, 0) }));
    }

    [Test]
    public void TryReadNext_UnknownBlocksStatisticsAndSimplePackets_AreTolerated()
    {
        var bytes = new CaptureBytes(false)
            .Section()
            .Block(0x0BAD, b => b.Raw(new byte[2_000_000]))
            .Interface(1, 4)
            .Block(3, b => b.Words(5).Raw(1, 2, 3, 4))
            .Block(5, b => b.Words(0, 0, 0).HalfWords(4, 8).Words(77, 0).HalfWords(5, 8).Words(6, 0).HalfWords(0, 0))
            .ToArray();
        Assert.That(ReadAll(bytes, out var reader), Is.EqualTo(new[] { (0L, 4, 0) }));
        Assert.That((reader.Interfaces[0].Received, reader.Interfaces[0].Dropped, reader.Truncated), Is.EqualTo((77L, 6L, false)));
    }

    [Test]
    public void TryReadNext_EveryPrefix_KeepsWhatIsWholeAndNeverThrows()
    {
        foreach (var whole in Samples())
        {
            var all = ReadAll(whole, out _);
            for (var length = 0; length < whole.Length; length++)
            {
                if (!CaptureReader.TryOpen(new MemoryStream(whole, 0, length), out var reader, out var error))
                {
                    Assert.That(error, Does.StartWith("not a capture"));
                    continue;
                }

                var packets = Drain(reader);
                Assert.That(packets, Is.EqualTo(all.Take(packets.Count)));
                if (packets.Count == all.Count) continue;
                var next = ReadAll(whole[..Math.Min(whole.Length, length + 1)], out _);
                Assert.That(next, Has.Count.InRange(packets.Count, packets.Count + 1));
            }

            Assert.That(CaptureReader.TryOpen(new MemoryStream(whole, 0, whole.Length - 1), out var torn, out _), Is.True);
            _ = Drain(torn!);
            Assert.That(torn!.Truncated, Is.True);
            Assert.That(torn.Fault, Does.Contain("at offset"));
        }
    }

    [Test]
    public void TryReadNext_FlippedBytes_NeverThrows()
    {
        const ulong Seed = 20261121;
        TestContext.Out.WriteLine($"seed {Seed}");
        var random = new SeededRandom(Seed);
        foreach (var whole in Samples())
        {
            for (var run = 0; run < 2000; run++)
            {
                var bytes = whole.ToArray();
                for (var flips = random.Next(6); flips >= 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                if (!CaptureReader.TryOpen(new MemoryStream(bytes), out var reader, out _)) continue;
                while (reader.TryReadNext(out var packet)) _ = ProbeSighting.TryRead(packet.LinkType, packet.Data, out _);
            }
        }
    }

    [TestCase("", "0 bytes")]
    [TestCase("hello, this is no capture at all", "68656C6C")]
    public void TryOpen_NoCapture_SaysWhatItIs(string text, string expected)
    {
        Assert.That(CaptureReader.TryOpen(new MemoryStream(System.Text.Encoding.ASCII.GetBytes(text)), out _, out var error), Is.False);
        Assert.That(error, Does.Contain(expected));
    }

    [Test]
    public void TryOpen_MissingFile_SaysSo()
    {
        Assert.That(CaptureReader.TryOpen("/nonexistent/a.pcap", out _, out var error), Is.False);
        Assert.That(error, Does.Contain("cannot be read"));
    }

    [Test]
    public void TryReadNext_WholeFile_AllocatesNothingPerPacket()
    {
        var builder = new CaptureBuilder();
        for (var i = 0; i < 20_000; i++) builder.Add("a.b", i, FrameBuilder.Probe(new ProbeHeader(1, (ulong)i, i, 0)));
        Assert.That(CaptureReader.TryOpen(new MemoryStream(builder.ToPcapng("a.b")), out var reader, out _), Is.True);
        for (var i = 0; i < 1000; i++) _ = reader!.TryReadNext(out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var probes = 0;
        while (reader!.TryReadNext(out var packet))
        {
            if (ProbeSighting.TryRead(packet.LinkType, packet.Data, out _)) probes++;
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1024), "bytes for 19,000 packets");
        Assert.That(probes, Is.EqualTo(19_000));
    }

    /// <summary>Hands out one byte per read, as a slow pipe may.</summary>
    [Test]
    public void TryReadNext_StreamOfSingleBytes_ReadsTheSame()
    {
        foreach (var whole in Samples())
        {
            Assert.That(CaptureReader.TryOpen(new TrickleStream(whole), out var reader, out _), Is.True);
            Assert.That(Drain(reader!), Is.EqualTo(ReadAll(whole, out _)));
        }
    }

    private static IEnumerable<byte[]> Samples()
    {
        yield return new CaptureBytes(false).PcapHeader(0xA1B23C4D).PcapPacket(1, 2, Data).PcapPacket(3, 4, new byte[60]).ToArray();
        yield return new CaptureBytes(true).Section().Interface(1, 0, (2, "x.y"u8.ToArray())).Block(99, b => b.Raw(new byte[40]))
            .Packet(0, 1, Data, (1, "note"u8.ToArray())).Packet(0, 2, FrameBuilder.Probe(new ProbeHeader(1, 2, 3, 0))).ToArray();
        yield return new CaptureBuilder()
            .Add("a.b", 5, FrameBuilder.TunneledProbe(new ProbeHeader(1, 0, 3, 0), new TunnelHeader(1, 0, 1, 0, 0)))
            .Add("a.b", 6, FrameBuilder.Probe(new ProbeHeader(1, 1, 3, 0), ipv6: true))
            .ToPcapng("a.b", finish: false);
    }

    private static List<(long StampNs, int Length, int Interface)> ReadAll(byte[] bytes, out CaptureReader reader)
    {
        Assert.That(CaptureReader.TryOpen(new MemoryStream(bytes), out var opened, out var error), Is.True, error);
        reader = opened!;
        return Drain(reader);
    }

    private static List<(long StampNs, int Length, int Interface)> Drain(CaptureReader reader)
    {
        var packets = new List<(long, int, int)>();
        while (reader.TryReadNext(out var packet)) packets.Add((packet.StampNs, packet.Data.Length, packet.InterfaceIndex));
        reader.Dispose();
        return packets;
    }

    private sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
