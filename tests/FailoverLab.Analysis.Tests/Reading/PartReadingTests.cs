using System.Text.Json;
using FailoverLab.Results;

namespace FailoverLab.Analysis.Tests;

/// <summary>A mapped file is read in parts, side by side; the record is the one that reading it in order gives.</summary>
public sealed class PartReadingTests
{
    private string _directory = "";

    [OneTimeSetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("failoverlab-parts").FullName;

    [OneTimeTearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Analyze_InParts_GivesTheRecordOfReadingInOrder([Range(1, 30)] int seed)
    {
        var random = new Primitives.SeededRandom((ulong)seed);
        var file = Write($"{seed}", new RoughCapture((ulong)seed).ToBytes());
        var pieces = 500 + random.Next(60_000);
        var expected = Text(file, new ReadingRule(pieces, long.MaxValue), 1);
        foreach (var threads in new[] { 1, 2, 5 })
        {
            foreach (var maps in new[] { true, false })
                Assert.That(Text(file, new ReadingRule(pieces, 1, maps), threads), Is.EqualTo(expected), $"seed {seed}, pieces of {pieces} bytes, {threads} threads, mapped: {maps}");
        }
    }

    [Test]
    public void Analyze_PiecesOfAnySize_GivesTheSameRecord([Range(1, 10)] int seed)
    {
        var file = Write($"any-{seed}", new RoughCapture((ulong)seed).ToBytes(rough: false));
        var expected = Text(file, ReadingRule.Usual, 1);
        foreach (var pieces in new[] { 200, 1111, 5000, 30_000 })
            Assert.That(Text(file, new ReadingRule(pieces, 1), 2), Is.EqualTo(expected), $"seed {seed}, pieces of {pieces} bytes");
    }

    /// <summary>Several files of a ring set, one of them damaged, one empty, read by more threads than there are parts.</summary>
    [Test]
    public void Analyze_RingSetInParts_GivesTheRecordOfReadingInOrder([Range(1, 6)] int seed)
    {
        var files = Enumerable.Range(0, 3).Select(i => Write($"ring-{seed}-{i}", i == 1 ? [] : new RoughCapture((ulong)(seed + (2 * i))).ToBytes())).ToArray();
        var inputs = files.Select(f => new CaptureInput(f, Path.GetFileName(f), "host.eth0")).ToList();
        var expected = Text(inputs, new ReadingRule(3000, long.MaxValue), 1);
        foreach (var threads in new[] { 2, 16 }) Assert.That(Text(inputs, new ReadingRule(3000, 1), threads), Is.EqualTo(expected), $"seed {seed}, {threads} threads");
    }

    [Test]
    public void ReadPart_OfPlainFile_IsTakenUnseen([Values(1, 2)] int seed)
    {
        var file = Write($"plain-{seed}", new RoughCapture((ulong)seed).ToBytes(rough: false));
        var (taken, parts, packets) = ReadInParts(file, 2000);
        Assert.That(parts, Is.GreaterThan(10));
        Assert.That(taken, Is.EqualTo(parts));
        Assert.That(packets, Is.EqualTo(Packets(file)));
    }

    [Test]
    public void ReadPart_BeginningInWhatLooksLikeRecords_IsReadOnceMore()
    {
        var misled = 0;
        for (var seed = 1; seed <= 8; seed++)
        {
            var file = Write($"misled-{seed}", new RoughCapture((ulong)seed).ToBytes());
            var (taken, parts, packets) = ReadInParts(file, 1000);
            misled += parts - taken;
            Assert.That(packets, Is.EqualTo(Packets(file)), $"seed {seed}");
        }

        Assert.That(misled, Is.GreaterThan(0));
    }

    /// <summary>Every part is read before it is known where it begins, by one of two readers that take turns; then all are put together.</summary>
    private static (int Taken, int Parts, long Packets) ReadInParts(string file, long pieces)
    {
        var tally = new CaptureTally(new CaptureInput(file, file));
        using var stream = new SightingStream(new CaptureChain([tally], "a", NamesAreShared: false), new PointNames(), [], new ReadingRule(pieces, 1));
        var isMore = stream.Read(new SightingBatch(), 100);
        var branches = new[] { stream.Branch(), stream.Branch() };
        var last = stream.Parts;
        var read = new List<(SightingReader Branch, SightingBatch Batch, long Part)>();
        for (var part = 1L; part < last; part++)
        {
            var batch = new SightingBatch();
            stream.ReadPart(branches[part % 2], part, null, batch, 100);
            read.Add((branches[part % 2], batch, part));
        }

        var taken = 0;
        foreach (var (branch, batch, part) in read)
        {
            if (!isMore) break;
            if (stream.Piece > part || stream.TryTake(branch, batch)) taken++;
            else isMore = stream.Read(batch, 100);
        }

        while (isMore) isMore = stream.Read(new SightingBatch(), 100);
        return (taken, read.Count, tally.Packets);
    }

    private static long Packets(string file) =>
        CaptureAnalyzer.Analyze([new CaptureInput(file, "a")], AnalysisContext.Empty with { Threads = 1 }, CancellationToken.None).Captures[0].Packets;

    /// <summary>Old enough to be mapped.</summary>
    private string Write(string name, byte[] bytes)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllBytes(file, bytes);
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return file;
    }

    private static string Text(string file, ReadingRule rule, int threads) => Text([new CaptureInput(file, "a")], rule, threads);

    private static string Text(IReadOnlyList<CaptureInput> inputs, ReadingRule rule, int threads)
    {
        var context = AnalysisContext.Empty with { Threads = threads, Reading = rule };
        return JsonSerializer.Serialize(CaptureAnalyzer.Analyze(inputs, context, CancellationToken.None), ResultsJson.Document.RunResult);
    }
}
