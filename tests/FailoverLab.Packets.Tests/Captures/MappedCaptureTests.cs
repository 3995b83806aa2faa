namespace FailoverLab.Packets.Tests;

/// <summary>Files on disk: mapped where they are large and settled, read where not; the packets are the same.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MappedCaptureTests : IDisposable
{
    private const int Packets = 70_000;
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    [TestCase(true, true)]
    public void TryReadNext_MappedOrRead_GivesTheSamePackets(bool pcapng, bool torn)
    {
        // 70 MB: over the size from which files are mapped, over two checks of the mapping, and no multiple of any block.
        var whole = Write(pcapng);
        if (torn) using (var file = File.OpenWrite(_path)) file.SetLength(whole - 7);
        var read = ReadAll(long.MaxValue);
        Assert.That(read.Count, Is.EqualTo(torn ? Packets - 1 : Packets));
        Assert.That(read.Fault is null, Is.Not.EqualTo(torn));
        File.SetLastWriteTimeUtc(_path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.That(ReadAll(1 << 20), Is.EqualTo(read));
    }

    private long Write(bool pcapng)
    {
        using var file = new BufferedStream(File.Create(_path), 1 << 20);
        var start = new CaptureBytes(false);
        file.Write(pcapng ? start.Section().Interface(1, 0, (9, [9])).ToArray() : start.PcapHeader(0xA1B23C4D).ToArray());
        for (var i = 0; i < Packets; i++)
        {
            var data = new byte[900 + (i % 203)];
            BitConverter.TryWriteBytes(data.AsSpan(data.Length - 4), i);
            var packet = new CaptureBytes(false);
            file.Write((pcapng ? packet.Packet(0, (ulong)i, data) : packet.PcapPacket(0, (uint)i, data)).ToArray());
        }

        return file.Length;
    }

    private (int Count, ulong Hash, string? Fault) ReadAll(long minMapped)
    {
        Assert.That(CaptureReader.TryOpen(File.OpenRead(_path), minMapped, out var reader, out var error), Is.True, error);
        using (reader)
        {
            var count = 0;
            var hash = 14695981039346656037UL;
            var before = GC.GetAllocatedBytesForCurrentThread();
            while (reader!.TryReadNext(out var packet))
            {
                count++;
                hash = ((hash ^ (ulong)packet.StampNs) * 1099511628211) ^ BitConverter.ToUInt32(packet.Data[^4..]) ^ ((ulong)packet.Data.Length << 32);
            }

            // One buffer and one array of headers, whatever the number of packets.
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(allocated, Is.LessThan(800_000));
            return (count, hash, reader.Fault);
        }
    }
}
