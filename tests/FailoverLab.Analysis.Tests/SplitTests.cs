using System.Text.Json;
using FailoverLab.Packets;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

/// <summary>The answer depends on the packets alone: not on threads, not on where files were cut, not on the order they are given in.</summary>
public sealed class SplitTests
{
    private string _directory = "";

    [OneTimeSetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("failoverlab-split").FullName;

    [OneTimeTearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Analyze_AnyNumberOfThreads_GivesTheSameRecord()
    {
        var inputs = Lossy(7).Captures.WriteTo(Path.Combine(_directory, "threads")).Select(f => new CaptureInput(f.File, Path.GetFileName(f.File))).ToList();
        var one = Text(CaptureAnalyzer.Analyze(inputs, Context(Up, Down) with { Threads = 1 }, CancellationToken.None));
        foreach (var threads in new[] { 2, 3, 8 })
            Assert.That(Text(CaptureAnalyzer.Analyze(inputs, Context(Up, Down) with { Threads = threads }, CancellationToken.None)), Is.EqualTo(one), $"{threads} threads");
    }

    [Test]
    public void Analyze_CapturesCutAnywhere_GivesTheSameRecord([Range(1, 6)] int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var lab = Lossy((ulong)seed);
        var whole = lab.Captures.WriteTo(Path.Combine(_directory, $"whole-{seed}"));
        var expected = CaptureAnalyzer.Analyze([.. whole.Select(f => new CaptureInput(f.File, f.Point, f.Point))], Context(Up, Down), CancellationToken.None);
        var pieces = whole.SelectMany(f => Cut(f.File, f.Point, random)).ToArray();
        for (var i = pieces.Length - 1; i > 0; i--)
        {
            var k = random.Next(i + 1);
            (pieces[i], pieces[k]) = (pieces[k], pieces[i]);
        }

        var cut = CaptureAnalyzer.Analyze(pieces, Context(Up, Down), CancellationToken.None);
        Assert.That(Text(cut with { Captures = [] }), Is.EqualTo(Text(expected with { Captures = [] })), $"seed {seed}, {pieces.Length} pieces");
    }

    /// <summary>One capture with loss, copies and overtaking, cut in two behind each of its packets, its point given or not.</summary>
    [Test]
    public void Analyze_CutBehindEachPacket_GivesTheSameRecord([Values] bool isPointGiven)
    {
        const string Point = "core.eth0";
        int[] numbers = [.. Enumerable.Range(0, 150).Where(i => i is < 60 or >= 90).SelectMany(i => i % 40 == 7 ? new[] { i, i } : i % 50 == 9 ? [i + 1, i] : i % 50 == 10 ? [] : [i])];
        var packets = numbers.Select((n, i) => (Stamp: T0 + (n * Ms) + i, Data: FrameBuilder.Probe(new ProbeHeader(1, (ulong)n, T0 + (n * Ms) - (5 * Ms), 0)))).OrderBy(p => p.Stamp).ToList();
        var folder = Directory.CreateDirectory(Path.Combine(_directory, $"each-{isPointGiven}")).FullName;
        var expected = Record([Write(0, packets)]);
        for (var cut = 1; cut < packets.Count; cut++)
        {
            Assert.That(Record([Write(2, packets[cut..]), Write(1, packets[..cut])]), Is.EqualTo(expected), $"cut behind packet {cut}");
        }

        string Record(CaptureInput[] inputs) => Text(CaptureAnalyzer.Analyze(inputs, AnalysisContext.Empty with { Threads = 1 }, CancellationToken.None) with { Captures = [] });

        CaptureInput Write(int part, List<(long Stamp, byte[] Data)> some)
        {
            var file = Path.Combine(folder, $"core_{part}.pcapng");
            using var writer = new PcapngWriter(File.Create(file), new PcapngDescription(Point, CaptureLinkType.Ethernet, 256));
            foreach (var (stamp, data) in some) writer.Write(stamp, data, data.Length);
            return new CaptureInput(file, file, isPointGiven ? Point : null);
        }
    }

    [Test]
    public void Analyze_RingSetWithoutPoints_IsReadAsOne()
    {
        var lab = Lossy(3);
        var file = lab.Captures.WriteTo(Path.Combine(_directory, "ring")).Single(f => f.Point == Up.ReceivedPoint).File;
        var pieces = Cut(file, "core", new SeededRandom(5)).Select(p => p with { Point = null }).Reverse().ToList();
        var expected = CaptureAnalyzer.Analyze([new CaptureInput(file, "x")], AnalysisContext.Empty, CancellationToken.None);
        var ring = CaptureAnalyzer.Analyze(pieces, AnalysisContext.Empty, CancellationToken.None);
        Assert.That(Text(ring with { Captures = [], Caveats = [] }), Is.EqualTo(Text(expected with { Captures = [], Caveats = [] })));
    }

    /// <summary>Two flows over two paths with a cut, loss, jitter and copies.</summary>
    private static SyntheticLab Lossy(ulong seed)
    {
        var random = new SeededRandom(seed);
        var lab = new SyntheticLab
        {
            Route = (_, at) => at < 1300 * Ms ? [0] : at < 1310 * Ms ? [0, 1] : [1],
            Survives = (_, path, at) => (path != 0 || at < 1200 * Ms) && random.NextDouble() > 0.02,
            ExtraDelay = (_, _) => random.Next(3_000_000),
        };
        return lab.Send(Up, 0, 2500 * Ms).Send(Down, 300_000, 2500 * Ms);
    }

    private List<CaptureInput> Cut(string file, string point, SeededRandom random)
    {
        var packets = new List<(long Stamp, byte[] Data)>();
        Assert.That(CaptureReader.TryOpen(file, out var reader, out var error), Is.True, error);
        using (reader)
        {
            while (reader!.TryReadNext(out var packet)) packets.Add((packet.StampNs, packet.Data.ToArray()));
        }

        var places = Enumerable.Range(0, 3).Select(_ => random.Next(packets.Count + 1)).Append(0).Append(packets.Count).Distinct().Order().ToList();
        if (packets.Count == 0) return [new CaptureInput(file, file, point)];
        var directory = Directory.CreateDirectory(Path.Combine(_directory, Guid.NewGuid().ToString("N"))).FullName;
        var inputs = new List<CaptureInput>();
        for (var i = 1; i < places.Count; i++)
        {
            var piece = Path.Combine(directory, $"{point}_{i:00000}.pcapng");
            using var writer = new PcapngWriter(File.Create(piece), new PcapngDescription(point, CaptureLinkType.Ethernet, 256));
            foreach (var (stamp, data) in packets[places[i - 1]..places[i]]) writer.Write(stamp, data, data.Length);
            inputs.Add(new CaptureInput(piece, piece, point));
        }

        return inputs;
    }

    private static string Text(RunResult result) => JsonSerializer.Serialize(result, ResultsJson.Document.RunResult);
}
