using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

public sealed class PcapngWriterTests
{
    private const long Start = 1_763_700_000_123_456_789;

    [Test]
    public void Write_PacketsReadBack_AreTheSame()
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, new PcapngDescription("hub.sl1", CaptureLinkType.Ethernet, 96) { Application = "FailoverLab" }))
        {
            for (var size = 0; size < 200; size++) writer.Write(Start + size, Enumerable.Repeat((byte)size, size).ToArray(), size);
            writer.Finish(received: 203, dropped: 3);
        }

        using var reader = Open(stream.ToArray());
        for (var size = 0; size < 200; size++)
        {
            Assert.That(reader.TryReadNext(out var packet), Is.True);
            Assert.That(packet.StampNs, Is.EqualTo(Start + size));
            Assert.That(packet.OriginalLength, Is.EqualTo(size));
            Assert.That(packet.Data.ToArray(), Is.EqualTo(Enumerable.Repeat((byte)size, Math.Min(size, 96))));
        }

        Assert.That(reader.TryReadNext(out _), Is.False);
        Assert.That(reader.Truncated, Is.False);
        Assert.That(reader.Interfaces, Is.EqualTo(new[]
        {
            new CaptureInterface { Name = "hub.sl1", LinkType = CaptureLinkType.Ethernet, SnapLength = 96, Received = 203, Dropped = 3 },
        }));
    }

    [Test]
    public void Write_MoreThanTheBuffer_KeepsEveryPacket()
    {
        var frame = new byte[1500];
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, new PcapngDescription("a.b", CaptureLinkType.Raw, 0)))
        {
            for (var i = 0; i < 1000; i++) writer.Write(Start + i, frame, frame.Length);
        }

        using var reader = Open(stream.ToArray());
        var count = 0;
        while (reader.TryReadNext(out var packet))
        {
            Assert.That(packet.StampNs, Is.EqualTo(Start + count++));
        }

        Assert.That(count, Is.EqualTo(1000));
        Assert.That(reader.Interfaces[0].Dropped, Is.Null);
    }

    [Test]
    public void Write_Packet_AllocatesNothing()
    {
        using var writer = new PcapngWriter(Stream.Null, new PcapngDescription("a.b", CaptureLinkType.Ethernet, 256));
        var frame = new byte[142];
        writer.Write(Start, frame, frame.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) writer.Write(Start + i, frame, frame.Length);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Write_StreamFails_ThrowsOnceAndThenSwallows()
    {
        using var stream = new FullStream();
        var writer = new PcapngWriter(stream, new PcapngDescription("a.b", CaptureLinkType.Ethernet, 0));
        writer.Write(Start, new byte[100], 100);
        Assert.That(writer.Flush, Throws.TypeOf<IOException>());
        Assert.That(() => writer.Write(Start, new byte[100], 100), Throws.Nothing);
        Assert.That(() => writer.Finish(2, 0), Throws.Nothing);
        Assert.That(writer.Dispose, Throws.Nothing);
    }

    [Test]
    public void Write_ReadByTshark_GivesStampsSequencesAndInterfaceName()
    {
        var builder = new CaptureBuilder();
        for (var i = 0; i < 50; i++)
        {
            var probe = new ProbeHeader(7, (ulong)i, Start + i, 0);
            builder.Add("traffic.lan", Start + (i * 1_000_000L), FrameBuilder.Probe(probe, ipv6: i % 2 == 1));
        }

        var fields = CaptureTool.Run("tshark", builder.ToPcapng("traffic.lan", dropped: 4), "-r", "{file}", "-T", "fields", "-e", "frame.time_epoch", "-e", "udp.payload", "-e", "frame.interface_name").Text;
        var lines = fields.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(50));
        for (var i = 0; i < 50; i++)
        {
            var parts = lines[i].Split('\t');
            Assert.That(parts[0], Does.Contain($".{(Start + (i * 1_000_000L)) % 1_000_000_000L:000000000}").Or.Contain("T"));
            Assert.That(parts[1].Replace(":", "", StringComparison.Ordinal), Does.StartWith($"464c503100000007{i:x16}"));
            Assert.That(parts[2], Is.EqualTo("traffic.lan"));
        }
    }

    [Test]
    public void Write_ReadByCapinfos_GivesCountAndNanoseconds()
    {
        var builder = new CaptureBuilder().Add("a.b", Start, FrameBuilder.Probe(new ProbeHeader(1, 0, Start, 0)));
        var text = CaptureTool.Run("capinfos", builder.ToPcapng("a.b", dropped: 9), "{file}").Text;
        Assert.That(text, Does.Contain("pcapng"));
        Assert.That(text, Does.Match("Number of packets:? *=? *1"));
        Assert.That(text, Does.Contain("nanoseconds (9)"));
    }

    private static CaptureReader Open(byte[] bytes)
    {
        Assert.That(CaptureReader.TryOpen(new MemoryStream(bytes), out var reader, out var error), Is.True, error);
        return reader!;
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");
    }
}
