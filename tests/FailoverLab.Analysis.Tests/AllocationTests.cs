using FailoverLab.Packets;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

/// <summary>Following packets allocates nothing; what is allocated belongs to files, flows, bins of time and batches of 16,384 packets (some 170 bytes each).</summary>
public sealed class AllocationTests
{
    private const int Fewer = 200_000;
    private const int More = 600_000;
    private const double MostBytesPerPacket = 0.05;
    private const long LastsNs = 5000 * Ms;

    [Test]
    public void Analyze_MorePackets_AllocatesNothingForThem()
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-allocation");
        try
        {
            var (fewer, more) = (Write(directory.FullName, Fewer), Write(directory.FullName, More));
            Allocated(fewer, Fewer);
            var perPacket = (double)(Allocated(more, More) - Allocated(fewer, Fewer)) / (More - Fewer);
            Assert.That(perPacket, Is.LessThan(MostBytesPerPacket), "bytes per additional packet");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>A receiver's capture of two flows, as long with any number of packets, so that bins of time are the same.</summary>
    private static string Write(string directory, int packets)
    {
        var file = Path.Combine(directory, $"{packets}.pcapng");
        using var writer = new PcapngWriter(File.Create(file), new PcapngDescription("host.eth0", CaptureLinkType.Ethernet, 256));
        for (var i = 0; i < packets; i++)
        {
            var sent = T0 + (i * (LastsNs / packets));
            var frame = FrameBuilder.Probe(new ProbeHeader((uint)(1 + (i & 1)), (ulong)(i / 2), sent, 0));
            writer.Write(sent + Ms, frame, frame.Length);
        }

        return file;
    }

    private static long Allocated(string file, int packets)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = CaptureAnalyzer.Analyze([new CaptureInput(file, "host.pcapng")], AnalysisContext.Empty with { Threads = 1 }, CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(result.Flows.Sum(f => f.Received), Is.EqualTo(packets));
        return allocated;
    }
}
