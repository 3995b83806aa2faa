using System.Globalization;
using FailoverLab.Packets;
using FailoverLab.Primitives;
using FailoverLab.Testing;

namespace FailoverLab.Analysis.Tests;

/// <summary>Captures that lie, through the whole analysis: no exception, and work and memory in proportion to the file.</summary>
public sealed class HostileCaptureTests
{
    private const int Captures = 20_000;

    private string _directory = "";

    [OneTimeSetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("failoverlab-hostile").FullName;

    [OneTimeTearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Analyze_MutatedCaptures_NeverThrows()
    {
        var mutator = new CaptureMutator();
        long packets = 0, most = 0;
        var faults = new Dictionary<string, (int, ulong)>();
        for (ulong seed = 1; seed <= Captures; seed++)
        {
            mutator.Next(seed);
            try { 
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = Analyze(mutator.File.AsSpan(0, mutator.Length), "a.pcap");
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            packets += result.Captures.Sum(c => c.Packets);
            } catch (Exception e) { var k = e.ToString(); k = string.Join("\n", k.Split('\n').Take(5)); faults[k] = (faults.GetValueOrDefault(k).Item1 + 1, seed); }
        }

        TestContext.Out.WriteLine($"{packets} packets, {most} bytes at most");
        foreach (var (k, v) in faults) TestContext.Out.WriteLine($"{v} {k}");
    }

    private Results.RunResult Analyze(ReadOnlySpan<byte> bytes, string name)
    {
        var file = Path.Combine(_directory, name);
        using (var stream = File.Create(file)) stream.Write(bytes);
        return CaptureAnalyzer.Analyze([new CaptureInput(file, name)], AnalysisContext.Empty with { Threads = 1 }, CancellationToken.None);
    }
}
