using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

/// <summary>Several interfaces, comments and statistics: what an annotated copy of a foreign capture needs.</summary>
public sealed class AnnotatedCopyTests
{
    private const long Start = 1_763_700_000_123_456_789;
    private static readonly byte[] Frame = FrameBuilder.Probe(new ProbeHeader(1, 2, Start, 0));

    [Test]
    public void Write_InterfacesAndComments_AreReadBack()
    {
        var read = Drained.Of(Sample());
        Assert.That(read.Packets.Select(p => (p.StampNs, p.Interface, p.LinkType, p.OriginalLength, p.Comment)), Is.EqualTo(new[]
        {
            (Start, 0, CaptureLinkType.Ethernet, Frame.Length, null),
            (Start + 1, 1, CaptureLinkType.Raw, 900, "last before the outage: été"),
            (Start + 2, 0, CaptureLinkType.Ethernet, Frame.Length, (string?)"second"),
        }));
        Assert.That(read.Packets[1].Data, Is.EqualTo(Convert.ToHexString(Frame.AsSpan(14, 20))));
        Assert.That(read.Interfaces, Is.EqualTo(new[]
        {
            new CaptureInterface { Name = "before", LinkType = CaptureLinkType.Ethernet, SnapLength = 0, Received = 5, Dropped = 3 },
            new CaptureInterface { Name = null, LinkType = CaptureLinkType.Raw, SnapLength = 20, Received = null, Dropped = 0 },
        }));
        Assert.That(read.Fault, Is.Null);
    }

    [Test]
    public void Write_ReadByTshark_ShowsInterfacesAndComments()
    {
        var text = CaptureTool.Run(
            "tshark", Sample(), "-r", "{file}", "-T", "fields", "-e", "frame.interface_id", "-e", "frame.cap_len", "-e", "frame.len", "-e", "frame.comment").Text;
        Assert.That(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            $"0\t{Frame.Length}\t{Frame.Length}\t", "1\t20\t900\tlast before the outage: été", $"0\t{Frame.Length}\t{Frame.Length}\tsecond",
        }));
    }

    [Test]
    public void Write_ReadByCapinfos_ShowsStatisticsAndSection()
    {
        var text = CaptureTool.Run("capinfos", Sample(), "{file}").Text;
        Assert.That(text, Does.Match("Number of interfaces in file: *2"));
        Assert.That(text, Does.Contain("what this file is about"));
        Assert.That(text, Does.Match("Name = before"));
        Assert.That(text, Does.Match("Number of packets = 2\n[^I]*Interface #1"));
    }

    /// <summary>What a foreign capture holds goes through unchanged, also a frame larger than the writer's buffer.</summary>
    [Test]
    public void Write_CopyOfAForeignCapture_IsTheSameButForComments()
    {
        var source = new CaptureBytes(true)
            .Section()
            .Interface(1, 0, (2, "x"u8.ToArray()))
            .Interface(276, 70_000, (9, [9]))
            .Packet(0, 1_763_700_000_000_001, new byte[300_000])
            .Packet(1, Start, [1, 2, 3], (1, "their comment"u8.ToArray()))
            .Packet(0, 1_763_700_000_000_003, [])
            .ToArray();
        using var target = new MemoryStream();
        Assert.That(CaptureReader.TryOpen(new MemoryStream(source), out var reader, out _), Is.True);
        using (reader)
        using (var writer = new PcapngWriter(target, new PcapngSection()))
        {
            while (reader!.TryReadNext(out var packet))
            {
                while (writer.Interfaces < reader.Interfaces.Count) _ = writer.AddInterface(reader.Interfaces[writer.Interfaces]);
                writer.Write(packet.InterfaceIndex, packet.StampNs, packet.Data, packet.OriginalLength, reader.ReadComment() ?? "ours");
            }
        }

        var (expected, copy) = (Drained.Of(source), Drained.Of(target.ToArray()));
        Assert.That(copy.Packets, Is.EqualTo(expected.Packets.Select(p => p with { Comment = p.Comment ?? "ours" })));
        Assert.That(copy.Interfaces, Is.EqualTo(expected.Interfaces));
    }

    [TestCase(59_999, "é", 59_998)]
    [TestCase(200_000, "x", 60_000)]
    [TestCase(70_000, "😀", 60_000)]
    public void Write_LongComment_IsCutBetweenCharacters(int length, string unit, int expectedBytes)
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, new PcapngDescription("a.b", CaptureLinkType.Ethernet, 0)))
        {
            writer.Write(0, Start, Frame, Frame.Length, string.Concat(Enumerable.Repeat(unit, length / unit.Length))[..(expectedBytes < 60_000 ? 29_999 : length)]);
            writer.Write(Start, Frame, Frame.Length);
        }

        var read = Drained.Of(stream.ToArray());
        Assert.That(System.Text.Encoding.UTF8.GetByteCount(read.Packets[0].Comment!), Is.EqualTo(expectedBytes));
        Assert.That(read.Packets[0].Comment!.Replace(unit, "", StringComparison.Ordinal), Is.Empty);
        Assert.That((read.Packets.Count, read.Packets[1].Comment, read.Fault), Is.EqualTo((2, (string?)null, (string?)null)));
    }

    [Test]
    public void Write_WithComment_AllocatesNothing()
    {
        using var writer = new PcapngWriter(Stream.Null, new PcapngDescription("a.b", CaptureLinkType.Ethernet, 0));
        writer.Write(0, Start, Frame, Frame.Length, "warm");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) writer.Write(0, Start + i, Frame, Frame.Length, "first packet on the new path");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void Write_InterfaceNotDescribed_Throws(int index)
    {
        using var writer = new PcapngWriter(Stream.Null, new PcapngDescription("a.b", CaptureLinkType.Ethernet, 0));
        Assert.That(() => writer.Write(index, Start, Frame, Frame.Length, null), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => writer.WriteStatistics(index, 1, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static byte[] Sample()
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, new PcapngSection { Application = "FailoverLab", Comment = "what this file is about" }))
        {
            _ = writer.AddInterface(new CaptureInterface { Name = "before", LinkType = CaptureLinkType.Ethernet, SnapLength = 0 });
            writer.Write(0, Start, Frame, Frame.Length, null);
            Assert.That(writer.AddInterface(new CaptureInterface { LinkType = CaptureLinkType.Raw, SnapLength = 20 }), Is.EqualTo(1));
            writer.Write(1, Start + 1, Frame.AsSpan(14), 900, "last before the outage: été");
            writer.Write(0, Start + 2, Frame, Frame.Length, "second");
            writer.WriteStatistics(0, 5, 3);
            writer.WriteStatistics(1, null, 0);
        }

        return stream.ToArray();
    }
}
