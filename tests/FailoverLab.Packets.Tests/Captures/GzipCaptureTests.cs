using System.IO.Compression;
using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

public sealed class GzipCaptureTests
{
    private static readonly byte[] Plain = MakePlain(400);

    [Test]
    public void TryReadNext_Compressed_GivesTheSamePackets()
    {
        Assert.That(Drained.Of(Gzip(Plain)), Is.EqualTo(Drained.Of(Plain)).Using<Drained>(Same));
        Assert.That(Drained.Of(Gzip(Plain, CompressionLevel.NoCompression)), Is.EqualTo(Drained.Of(Plain)).Using<Drained>(Same));
    }

    /// <summary>As bgzip and `cat a.gz b.gz` make them; members may be empty and padded with zeros.</summary>
    [Test]
    public void TryReadNext_ManyMembers_AreOneFile()
    {
        var file = new List<byte>();
        foreach (var part in Plain.Chunk(777)) file.AddRange(Gzip(part));
        file.AddRange(Gzip([]));
        file.AddRange(Gzip([]));
        file.AddRange(new byte[600]);
        Assert.That(Drained.Of([.. file]), Is.EqualTo(Drained.Of(Plain)).Using<Drained>(Same));
    }

    /// <summary>Every optional part of the header: extra field, name, comment, checksum.</summary>
    [Test]
    public void TryReadNext_FullHeader_IsReadOver()
    {
        byte[] header = [0x1F, 0x8B, 8, 0x1E, 1, 2, 3, 4, 0, 3, 3, 0, 9, 9, 9, .. "name\0"u8, .. "comment\0"u8, 0x55, 0x66];
        byte[] file = [.. header, .. Gzip(Plain)[10..]];
        Assert.That(Drained.Of(file), Is.EqualTo(Drained.Of(Plain)).Using<Drained>(Same));
        for (var length = 2; length < header.Length; length++)
        {
            Assert.That(CaptureReader.TryOpen(new MemoryStream(file, 0, length), out _, out var error), Is.False);
            Assert.That(error, Does.Contain("unpacked"));
        }
    }

    [Test]
    public void TryReadNext_EveryTornPrefix_KeepsWhatCameBeforeAndSaysSo()
    {
        var plain = MakePlain(30);
        var all = Drained.Of(plain);
        var file = Gzip(plain);
        var last = 0;
        for (var length = 2; length < file.Length; length++)
        {
            if (!CaptureReader.TryOpen(new MemoryStream(file, 0, length), out var opened, out _)) continue;
            opened!.Dispose();
            var torn = Drained.Of(file[..length]);
            Assert.That(torn.Packets, Is.EqualTo(all.Packets.Take(torn.Packets.Count)));
            Assert.That(torn.Packets, Has.Count.GreaterThanOrEqualTo(last));
            Assert.That(torn.Fault, Does.StartWith("the compressed data ends early"));
            last = torn.Packets.Count;
        }

        Assert.That(last, Is.EqualTo(30), "with only the checksum torn off, all packets are there");
    }

    [Test]
    public void TryReadNext_EveryDamagedByte_IsNoticed()
    {
        var plain = MakePlain(30);
        var all = Drained.Of(plain);
        var file = Gzip(plain);
        for (var at = 10; at < file.Length; at++)
        {
            var damaged = file.ToArray();
            damaged[at] ^= 0x10;
            if (!CaptureReader.TryOpen(new MemoryStream(damaged), out var opened, out _)) continue;
            opened!.Dispose();
            var read = Drained.Of(damaged);
            Assert.That(read.Fault is not null || read.Packets.SequenceEqual(all.Packets), Is.True, $"byte {at}");
        }
    }

    [Test]
    public void TryReadNext_SomethingElseBehind_SaysSo()
    {
        var read = Drained.Of([.. Gzip(Plain), .. "something else"u8]);
        Assert.That(read.Packets, Has.Count.EqualTo(400));
        Assert.That(read.Fault, Does.StartWith("no gzip header where one must be").And.Contain($"after {Plain.Length} bytes"));
    }

    [Test]
    public void TryOpen_CompressedButNoCapture_SaysSo()
    {
        Assert.That(CaptureReader.TryOpen(new MemoryStream(Gzip("hello, this is no capture at all"u8.ToArray())), out _, out var error), Is.False);
        Assert.That(error, Does.Contain("68656C6C").And.Contain("unpacked"));
        Assert.That(CaptureReader.TryOpen(new MemoryStream([0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 0]), out _, out error), Is.False);
        Assert.That(error, Does.Contain("0 bytes").And.Contain("no gzip header"));
    }

    [Test]
    public void TryReadNext_PipeOfSmallReads_GivesTheSamePackets()
    {
        foreach (var file in (byte[][])[Plain, Gzip(Plain)])
        {
            using var pipe = new PipeStream(file, file.Length);
            Assert.That(Drained.Of(pipe), Is.EqualTo(Drained.Of(Plain)).Using<Drained>(Same));
        }
    }

    /// <summary>100 MB of zeros in an unknown block shrink to 100 kB; they are passed over as they come, never held.</summary>
    [Test]
    public void TryReadNext_DecompressionBomb_StaysSmall()
    {
        const uint Size = 100_000_000;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(new CaptureBytes(false).Section().Interface(1, 0).Words(0x0BAD, Size).ToArray());
            var zeros = new byte[1 << 20];
            for (var left = (int)Size - 12; left > 0; left -= zeros.Length) gzip.Write(zeros, 0, Math.Min(left, zeros.Length));
            gzip.Write(new CaptureBytes(false).Words(Size).Packet(0, 7, [1, 2, 3]).ToArray());
        }

        packed.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Drained.Of(packed);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2_000_000));
        Assert.That((read.Packets.Count, read.Fault), Is.EqualTo((1, (string?)null)));
    }

    [TestCase("", 0u)]
    [TestCase("123456789", 0xCBF43926u)]
    [TestCase("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Append_KnownTexts_GivesTheirChecksums(string text, uint expected)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.That(Crc32.Append(0, bytes), Is.EqualTo(expected));
        var pieces = 0u;
        foreach (var b in bytes) pieces = Crc32.Append(pieces, [b]);
        Assert.That(pieces, Is.EqualTo(expected));
    }

    private static byte[] MakePlain(int packets)
    {
        var bytes = new CaptureBytes(false).Section().Interface(1, 0, (9, [9]));
        for (var i = 0; i < packets; i++) bytes.Packet(0, (ulong)i, [.. Enumerable.Range(0, 60 + i).Select(k => (byte)((k * k * (i + 3)) >> 3))]);
        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] bytes, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true)) gzip.Write(bytes);

        // .NET writes nothing at all for no content; this is what `gzip </dev/null` writes.
        return packed.Length > 0 ? packed.ToArray() : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static bool Same(Drained a, Drained b) => a.Fault == b.Fault && a.Packets.SequenceEqual(b.Packets) && a.Interfaces.SequenceEqual(b.Interfaces);
}
