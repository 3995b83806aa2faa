using FailoverLab.Packets;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

/// <summary>
/// Captures that lie, through the whole analysis: no exception, no endless loop, memory in proportion to the file. A failing file is made again by its seed.
/// </summary>
public sealed class HostileCaptureTests
{
    private const ulong Captures = 5000;
    private const ulong Labs = 100;

    // What one analysis may allocate: what it starts with, and so much for each byte of the file.
    private const long StartBytes = 24_000_000;
    private const long PerByte = 400;

    private static readonly ulong[] Nonsense = [0, 1, 0x7FFF, 0xFFFF, 0x10000, 0x3_FFFF, 0x4_0000, 0x7FFF_FFFF, 0xFFFF_FFFF, 1UL << 61, 1UL << 62, long.MaxValue, 1UL << 63, ulong.MaxValue];

    private static readonly AnalysisContext Known = Context(Up, Down) with
    {
        Faults = [new FaultContext("drop starlink-1", T0 + (40 * Ms), T0 + (41 * Ms), IsRestore: false) { Path = "starlink-1" }],
    };

    private string _directory = "";

    [OneTimeSetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("failoverlab-hostile").FullName;

    [OneTimeTearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Analyze_MutatedCaptures_NeverThrowsAndStaysSmall()
    {
        var mutator = new CaptureMutator();
        var packets = 0L;
        for (ulong seed = 1; seed <= Captures; seed++)
        {
            mutator.Next(seed);
            packets += Analyze(seed, AnalysisContext.Empty, ("a", mutator.File.AsSpan(0, mutator.Length).ToArray())).Captures.Sum(c => c.Packets);
        }

        TestContext.Out.WriteLine($"seeds 1..{Captures}: {packets} packets");
        Assert.That(packets, Is.GreaterThan((long)Captures / 2));
    }

    /// <summary>A lab's captures of many flows with a cut in them; stamps, numbers, addresses and ports of some packets are nonsense.</summary>
    [Test]
    public void Analyze_MutatedFlows_NeverThrowsAndStaysSmall()
    {
        var points = Points();
        var (packets, flows) = (0L, 0L);
        for (ulong seed = 1; seed <= Labs; seed++)
        {
            var random = new SeededRandom(seed);
            var one = random.Next(8);
            var files = points.Select(p => (p.Point, Damaged(random, p.Packets, one))).ToArray();
            var result = Analyze(seed, random.Next(2) == 0 ? AnalysisContext.Empty : Known, files);
            packets += result.Captures.Sum(c => c.Packets);
            flows += result.Flows.Count;
        }

        TestContext.Out.WriteLine($"seeds 1..{Labs}: {packets} packets, {flows} flows");
        Assert.That(packets, Is.GreaterThan(20_000));
        Assert.That(flows, Is.GreaterThan((long)Labs * 8));
    }

    /// <summary>Every packet at an interface of its own, each described just before.</summary>
    [Test]
    public void Analyze_AsManyInterfacesAsPackets_TakesNoSquareOfMemory()
    {
        const int Count = 20_000;
        var file = new CaptureBytes(false).Section();
        for (var i = 0u; i < Count; i++) file.Interface(1, 0).Packet(i, i, Corpus.Frames[0]);
        Assert.That(Analyze(0, AnalysisContext.Empty, ("a", file.ToArray())).Captures.Single().Packets, Is.EqualTo(Count));
    }

    /// <summary>Two packets a flow, whose numbers are as far apart as an outage may be.</summary>
    [Test]
    public void Analyze_ManyFlowsOfFarNumbers_TakesNoMemoryForEach()
    {
        const int Flows = 2000;
        var file = new CaptureBytes(false).Section().Interface(1, 0);
        for (var i = 0u; i < Flows; i++)
        {
            file.Packet(0, i, FrameBuilder.Probe(new ProbeHeader(i, 0, T0, 0))).Packet(0, i, FrameBuilder.Probe(new ProbeHeader(i, RowNumbers.MaxJump, T0, 0)));
        }

        Assert.That(Analyze(0, AnalysisContext.Empty, ("a", file.ToArray())).Flows, Has.Count.EqualTo(Flows));
    }

    /// <summary>Gaps as long as they may be, and stamps that hardly move on: each lost packet is looked at a few times, not once for each other.</summary>
    [Test]
    public void Analyze_LongestGaps_Ends()
    {
        const int Gaps = 8;
        var file = new CaptureBytes(false).Section().Interface(1, 0, (9, [9]));
        var (number, stamp) = (0L, T0);
        for (var gap = 0; gap <= Gaps; gap++, number += RowNumbers.MaxJump - 1)
        {
            for (var i = 0; i < 4200; i++, number++, stamp++) file.Packet(0, (ulong)stamp, FrameBuilder.Probe(new ProbeHeader(1, (ulong)number, stamp, 0)));
        }

        var flow = Analyze(0, AnalysisContext.Empty, ("a", file.ToArray())).Flows.Single();
        Assert.That((flow.Received, flow.Lost), Is.EqualTo((4200L * (Gaps + 1), (long?)(Gaps * (RowNumbers.MaxJump - 1)))));
    }

    /// <summary>An interface that claims to have dropped all that 64 bits can count, another as much.</summary>
    [Test]
    public void Analyze_DropsBeyondCounting_AreManyDrops()
    {
        var file = new CaptureBytes(false).Section().Interface(1, 0).Interface(1, 0).Packet(0, 1, Corpus.Frames[0]);
        foreach (var id in new uint[] { 0, 1 })
        {
            file.Block(5, b => b.Words(id, 0, 0).HalfWords(5, 8).Words(uint.MaxValue, 0x7FFF_FFFF).HalfWords(7, 8).Words(uint.MaxValue, uint.MaxValue).HalfWords(0, 0));
        }

        Assert.That(Analyze(0, AnalysisContext.Empty, ("a", file.ToArray())).Captures.Single().Dropped, Is.GreaterThan(1L << 44));
    }

    private static IEnumerable<(string Point, List<(long StampNs, byte[] Frame)> Packets)> Flows(CaptureBuilder captures)
    {
        foreach (var point in captures.Points)
        {
            var packets = new List<(long, byte[])>();
            Assert.That(CaptureReader.TryOpen(new MemoryStream(captures.ToPcapng(point)), out var reader, out var error), Is.True, error);
            using (reader)
            {
                while (reader!.TryReadNext(out var packet)) packets.Add((packet.StampNs, packet.Data.ToArray()));
            }

            yield return (point, packets);
        }
    }

    private static List<(string Point, List<(long StampNs, byte[] Frame)> Packets)> Points()
    {
        var lab = new SyntheticLab { Route = (_, at) => [at < 60 * Ms ? 0 : 1], Survives = (_, path, at) => path != 0 || at < 40 * Ms };
        lab.Send(Up, 0, 100 * Ms).Send(Down, 0, 100 * Ms);
        for (var i = 0; i < 80; i++)
        {
            foreach (var (point, ns) in ((string, long)[])[("traffic.lan", T0 + (i * Ms)), ("business.core0", T0 + ((i + 20) * Ms))])
            {
                if (point[0] == 'b' && i is > 30 and < 50) continue;
                lab.Captures
                    .Add(point, ns, ForeignFrames.Udp(ForeignFrames.Iperf3(i + 1, ns, wide: false)))
                    .Add(point, ns, ForeignFrames.Udp(ForeignFrames.Rtp(i, i * 160), 5004))
                    .Add(point, ns, ForeignFrames.Udp([1, 2, 3, (byte)i], 53))
                    .Add(point, ns, ForeignFrames.Tunneled(ForeignFrames.Iperf3(i + 1, ns, wide: true), (uint)i))
                    .Add(point, ns, ForeignFrames.Echo(i % 2 == 1, i / 2))
                    .Add(point, ns, ForeignFrames.Echo(i % 2 == 1, i / 2, ipv6: true))
                    .Add(point, ns, ForeignFrames.Tcp(i % 3 == 2, (uint)(i * 1000), (uint)(i * 500), i % 3 == 2 ? 0 : 1000))
                    .Add(point, ns, FrameBuilder.Signal(new TunnelHeader(2, 0, 100, (uint)i, 0)));
            }
        }

        return [.. Flows(lab.Captures)];
    }

    /// <summary>One packet in 2 to the power given is damaged in its bytes, as many in their stamps.</summary>
    private static byte[] Damaged(SeededRandom random, List<(long StampNs, byte[] Frame)> packets, int rarity)
    {
        var file = new CaptureBytes(false).Section().Interface(1, 0, (9, [9]));
        foreach (var (stampNs, frame) in packets)
        {
            var stamp = (ulong)stampNs;
            var bytes = frame;
            if (random.Next(1 << rarity) == 0)
            {
                bytes = [.. frame];
                var size = 1 << random.Next(4);
                var value = random.Next(4) == 0 ? random.NextUInt64() : Nonsense[random.Next(Nonsense.Length)];
                var at = random.Next(bytes.Length - size + 1);
                for (var i = 0; i < size; i++) bytes[at + i] = (byte)(value >> (8 * (size - 1 - i)));
            }

            if (random.Next(2 << rarity) == 0) stamp = random.Next(2) == 0 ? stamp - (ulong)random.Next(2_000_000_000) : Nonsense[random.Next(Nonsense.Length)];
            file.Packet(0, stamp, bytes);
        }

        return file.ToArray();
    }

    /// <summary>Analyses files, the last result being that of an annotated copy where the seed is even, and checks what that took.</summary>
    private RunResult Analyze(ulong seed, AnalysisContext context, params (string Point, byte[] Bytes)[] files)
    {
        var inputs = files.Select(f => new CaptureInput(Path.Combine(_directory, f.Point), f.Point, files.Length > 1 ? f.Point : null)).ToList();
        foreach (var (input, (_, bytes)) in inputs.Zip(files)) File.WriteAllBytes(input.File, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var alone = context with { Threads = 1 };
            using var copy = seed % 2 == 1 ? null : new PcapngWriter(Stream.Null, new PcapngSection());
            var result = copy is null ? CaptureAnalyzer.Analyze(inputs, alone, CancellationToken.None) : CaptureAnalyzer.Annotate(inputs, alone, copy, CancellationToken.None);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(allocated, Is.LessThan(StartBytes + (PerByte * files.Sum(f => (long)f.Bytes.Length))), $"seed {seed}");
            return result;
        }
        catch (Exception fault) when (fault is not AssertionException)
        {
            throw new InvalidOperationException($"seed {seed}", fault);
        }
    }
}
