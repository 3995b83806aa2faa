using System.Globalization;
using System.IO.Compression;
using FailoverLab.Primitives;
using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

/// <summary>
/// Files that lie. <c>FAILOVERLAB_SOAK=N</c> reads N mutations instead of a million; <c>FAILOVERLAB_SOAK_SEED=S</c> begins at another seed, so that
/// one that failed is read again alone.
/// </summary>
public sealed class HostileInputTests
{
    private const ulong Million = 1_000_000;

    // So many mutations in one are also read through a pipe, a few bytes at a time.
    private const ulong PipedEvery = 16;

    [Test]
    public void TryReadNext_Mutations_NeverThrowAndAlwaysEnd()
    {
        var (first, count) = (Setting("FAILOVERLAB_SOAK_SEED", 1), Setting("FAILOVERLAB_SOAK", Million));
        TestContext.Out.WriteLine($"seeds {first}..{first + count - 1}");
        var mutator = new CaptureMutator();
        long captures = 0, packets = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            mutator.Next(seed);
            try
            {
                var read = HostileReading.Read(mutator.File, mutator.Length);
                if (seed % PipedEvery == 0 && HostileReading.Read(new PipeStream(mutator.File, mutator.Length), mutator.Length) != read) throw new InvalidOperationException("a pipe gives other packets");
                if (read.Packets >= 0) captures++;
                packets += Math.Max(0, read.Packets);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"FAILOVERLAB_SOAK_SEED={seed} FAILOVERLAB_SOAK=1: {Convert.ToHexString(mutator.File, 0, mutator.Length)}", fault);
            }
        }

        // A mutator that only makes files that are refused at once would prove nothing.
        TestContext.Out.WriteLine($"{captures} were captures, with {packets} packets");
        if (count >= Million) Assert.That(captures, Is.GreaterThan((long)count / 2));
        if (count >= Million) Assert.That(packets, Is.GreaterThan((long)count / 2));
    }

    /// <summary>The same bytes mapped, where a view outside would show other memory.</summary>
    [Test]
    public void TryReadNext_MutationsMapped_GiveTheSamePackets()
    {
        const ulong Seed = 7_000_000;
        TestContext.Out.WriteLine($"seeds {Seed}..{Seed + 999}");
        var path = Path.GetTempFileName();
        try
        {
            var mutator = new CaptureMutator();
            for (var seed = Seed; seed < Seed + 1000; seed++)
            {
                mutator.Next(seed);
                File.WriteAllBytes(path, mutator.File.AsSpan(0, mutator.Length).ToArray());
                File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
                Assert.That(HostileReading.Read(File.OpenRead(path), mutator.Length, minMapped: 1), Is.EqualTo(HostileReading.Read(mutator.File, mutator.Length)), $"seed {seed}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void TryReadNext_EveryPrefixOfTheCorpus_KeepsWhatIsWhole()
    {
        foreach (var (name, bytes, packets) in Corpus.Files)
        {
            var last = -1;
            for (var length = 0; length <= bytes.Length; length++)
            {
                var read = HostileReading.Read(bytes, length).Packets;
                Assert.That(read, Is.InRange(last, last + 1), $"{name}, {length} bytes");
                last = read;
            }

            Assert.That(last, Is.EqualTo(packets), name);
        }
    }

    /// <summary>Compressed data, damaged and torn; no byte of it swells to more than 1032.</summary>
    [Test]
    public void TryReadNext_CompressedMutations_NeverThrowAndAlwaysEnd()
    {
        const ulong Seed = 20261121;
        TestContext.Out.WriteLine($"seed {Seed}");
        var random = new SeededRandom(Seed);
        var packets = 0L;
        foreach (var (_, bytes, _) in Corpus.Files)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
            for (var run = 0; run < 300; run++)
            {
                var file = packed.ToArray();
                for (var flips = random.Next(3); flips > 0; flips--) file[random.Next(file.Length)] = (byte)random.Next(256);
                var length = random.Next(2) == 0 ? file.Length : random.Next(file.Length + 1);
                packets += Math.Max(0, HostileReading.Read(new MemoryStream(file, 0, length), length, content: 1032L * length).Packets);
            }
        }

        Assert.That(packets, Is.GreaterThan(1000));
    }

    [Test]
    public void Look_EveryPrefixAndByteOfTheFrames_NeverThrows()
    {
        foreach (var frame in Corpus.Frames)
        {
            for (var length = 0; length <= frame.Length; length++) HostileReading.Look(CaptureLinkType.Ethernet, frame.AsSpan(0, length));
            for (var at = 0; at < frame.Length; at++)
            {
                var damaged = frame.ToArray();
                for (var value = 0; value < 256; value++)
                {
                    damaged[at] = (byte)value;
                    HostileReading.Look(CaptureLinkType.Ethernet, damaged);
                }
            }
        }
    }

    /// <summary>The damage that Wireshark's own tool does to packets.</summary>
    [Test]
    public void TryReadNext_DamagedByEditcap_KeepsTheCount()
    {
        var frames = new CaptureBytes(false).PcapHeader(0xA1B23C4D);
        for (var i = 0u; i < 500; i++) frames.PcapPacket(i, i, Corpus.Frames[(int)i % Corpus.Frames.Count]);
        foreach (var (rate, seed, format) in (ReadOnlySpan<(string, string, string)>)[
            ("0.01", "1", "nsecpcap"), ("0.02", "5", "pcapng"), ("0.1", "2", "pcapng"), ("0.3", "6", "pcap"), ("0.5", "3", "pcapng"), ("1.0", "4", "nsecpcap")])
        {
            var damaged = CaptureTool.Run("editcap", frames.ToArray(), "-F", format, "-E", rate, "--seed", seed, "{file}", "{out}").Written;
            Assert.That(HostileReading.Read(damaged, damaged.Length).Packets, Is.EqualTo(500));
        }
    }

    /// <summary>Claims of 16 MB in a file of 100 bytes, many times over.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void TryReadNext_HugeClaims_TakeNoMemory(bool pcapng)
    {
        var file = new CaptureBytes(false);
        if (pcapng) file.Section().Interface(1, 0).Words(6, 0x1000000).Words(0, 0, 0, 0xFFFFE0, 0xFFFFE0).Raw(new byte[30]);
        else file.PcapHeader(0xA1B2C3D4).Words(0, 0, 0x1000000, 0x1000000).Raw(new byte[30]);
        var bytes = file.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Assert.That(HostileReading.Read(bytes, bytes.Length).Packets, Is.Zero);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    /// <summary>A file of nothing but interfaces, with names as long as they may be.</summary>
    [TestCase(0)]
    [TestCase(60_000)]
    [TestCase(250)]
    public void TryReadNext_NothingButInterfaces_IsBounded(int nameLength)
    {
        const int Size = 32 << 20;
        var one = nameLength == 0
            ? new CaptureBytes(false).Interface(1, 0).ToArray()
            : new CaptureBytes(false).Interface(1, 0, (2, System.Text.Encoding.ASCII.GetBytes(new string('x', nameLength)))).ToArray();
        using var file = new MemoryStream();
        file.Write(new CaptureBytes(false).Section().ToArray());
        while (file.Length < Size) file.Write(one);
        file.Position = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Assert.That(CaptureReader.TryOpen(file, out var reader, out _), Is.True);
        using (reader)
        {
            Assert.That(reader!.TryReadNext(out _), Is.False);
            Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan((2L * Size) + 200_000_000));
            if (nameLength == 0) Assert.That(reader.Fault, Does.Contain("interfaces are described"));
            else Assert.That(reader.Interfaces[^1].Name, Has.Length.EqualTo(Math.Min(nameLength, 256)));
        }
    }

    private static ulong Setting(string name, ulong absent) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : absent;
}
