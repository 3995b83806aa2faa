using System.Diagnostics;
using System.Text.Json;
using FailoverLab.Packets;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Cli.Tests;

/// <summary>Captures nobody planned, named on the command line in ways that could lose them or turn their figures round.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AnalyzeCommandTests : IDisposable
{
    private const long Ms = 1_000_000;
    private const long T0 = 1_763_700_000_000 * Ms;
    private const int Packets = 4000;
    private const int Lost = 200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failoverlab-analyze");

    [Test]
    public async Task Analyze_CopyIsTheCapture_LeavesTheCaptureAlone([Values("a.pcapng", "./a.pcapng", "link.pcapng", "beside/a.pcapng")] string copy)
    {
        var file = Write("a");
        var before = await File.ReadAllBytesAsync(file);
        File.CreateSymbolicLink(PathOf("link.pcapng"), "a.pcapng");
        Directory.CreateSymbolicLink(PathOf("beside"), _folder.FullName);
        var run = await CommandRun.OfAsync("analyze", file, "--annotate", PathOf(copy));
        Assert.That((run.Status, run.Error), Is.EqualTo((2, $"error: --annotate {Path.GetFullPath(PathOf(copy))}: is the capture '{file}' itself; name another file\n")));
        Assert.That(await File.ReadAllBytesAsync(file), Is.EqualTo(before));
    }

    /// <summary>A second name of the same bytes is not seen; the capture is whole all the same, because the copy is written beside.</summary>
    [Test]
    public async Task Analyze_CopyReplacesAFile_OnlyWhenItIsWhole()
    {
        var (file, copy) = (Write("a"), PathOf("copy.pcapng"));
        await File.WriteAllTextAsync(copy, "there before");
        var failed = await CommandRun.OfAsync("analyze", WriteText("notes.txt"), "--annotate", copy);
        Assert.That((failed.Status, await File.ReadAllTextAsync(copy)), Is.EqualTo((3, "there before")));
        var run = await CommandRun.OfAsync("analyze", file, "--annotate", copy);
        Assert.That(run.Status, Is.Zero, run.Error);
        Assert.That(CaptureReader.TryOpen(copy, out var reader, out var error), error);
        using (reader) Assert.That(reader!.TryReadNext(out _));
        Assert.That(_folder.EnumerateFiles("*.partial"), Is.Empty);
    }

    [Test]
    public async Task Analyze_SameFileTwice_IsOneCapture()
    {
        var file = Write("a");
        var link = File.CreateSymbolicLink(PathOf("b.pcapng"), file).FullName;
        var result = await JsonAsync(file, file, link, "--sent", file);
        Assert.That((result.Captures.Count, result.Flows.Single().Received, result.Flows.Single().Duplicates), Is.EqualTo((1, (long)Packets, (long?)0)));
    }

    /// <summary>The sender's clock is 50 ms ahead and the way takes 20: stamps say that the flow goes the other way, the user does not.</summary>
    [TestCase(0)]
    [TestCase(-50)]
    public async Task Analyze_EndsNamed_AreTheEndsWhateverTheClocksSay(long receiverAheadMs)
    {
        var (sent, received) = TwoEnds(receiverAheadMs);
        var flow = (await JsonAsync("--sent", sent, "--received", received)).Flows.Single();
        Assert.That((flow.Sent, flow.Received, flow.Lost), Is.EqualTo(((long?)Packets, (long)(Packets - Lost), (long?)Lost)));
        Assert.That(flow.OneWayDelayNs!.Median, Is.EqualTo((20 + receiverAheadMs) * Ms));
    }

    /// <summary>Hosts that both send: each flow goes its own way, whatever the files are called.</summary>
    [Test]
    public async Task Analyze_AnswersInTheSameCaptures_GoTheOtherWay([Values] bool namedForBoth)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < Packets; i++)
        {
            Pass(captures, 1, i, "client.x", "server.x", 20);
            Pass(captures, 2, i, "server.x", "client.x", 20);
        }

        var files = captures.WriteTo(_folder.FullName).Select(f => f.File).ToList();
        string[] names = namedForBoth ? ["--sent", files[1], "--received", files[0]] : [];
        var result = await JsonAsync(["--sent", files[0], "--received", files[1], .. names]);
        Assert.That(result.Flows.Select(f => (f.Id, f.Lost, f.OneWayDelayNs!.Median)), Is.EqualTo(new[] { ("flow-1", (long?)Lost, 20 * Ms), ("flow-2", Lost, 20 * Ms) }));
    }

    [Test]
    public async Task Analyze_OnlyTheSenderNamed_IsTheSender()
    {
        var (sent, received) = TwoEnds(-50);
        var flow = (await JsonAsync("--sent", sent, received)).Flows.Single();
        Assert.That((flow.Sent, flow.Lost), Is.EqualTo(((long?)Packets, (long?)Lost)));
    }

    /// <summary>Each end and the path in a ring set of three files.</summary>
    [Test]
    public async Task Analyze_RingSetsForEndsAndPaths_AreOnePointEach()
    {
        string[] points = ["before", "fibre-in", "fibre-out", "after"];
        for (var part = 0; part < 3; part++)
        {
            var captures = new CaptureBuilder();
            for (var i = part * 1000; i < (part + 1) * 1000; i++)
            {
                for (var p = 0; p < points.Length; p++) captures.Add(points[p], T0 + ((i + (p * 5)) * Ms), FrameBuilder.Probe(new ProbeHeader(1, (ulong)i, T0 + (i * Ms), 0)));
            }

            foreach (var point in points) await File.WriteAllBytesAsync(PathOf($"{point}_0{part + 1}.pcapng"), captures.ToPcapng(point));
        }

        string[] Ring(string option, string point, string before = "") => [.. new[] { 3, 1, 2 }.SelectMany(n => new[] { option, before + PathOf($"{point}_0{n}.pcapng") })];
        var result = await JsonAsync([.. Ring("--sent", "before"), .. Ring("--received", "after"), .. Ring("--path", "fibre-in", "fibre="), .. Ring("--path", "fibre-out", "fibre=")]);
        Assert.That((result.Flows.Single().Sent, result.Flows.Single().Lost), Is.EqualTo(((long?)3000, (long?)0)));
        Assert.That(result.Paths.Select(p => (p.Name, p.Packets, p.Lost)), Is.EqualTo(new[] { ("fibre", 3000L, (long?)0) }));
        var three = await CommandRun.OfAsync(["analyze", .. points[..3].SelectMany(p => new[] { "--path", "fibre=" + PathOf(p + "_01.pcapng") })]);
        Assert.That((three.Status, three.Error), Is.EqualTo((2, "error: --path fibre: a path has two ends, captures of 3 points were given\n")));
    }

    /// <summary><c>analyze &lt;(zcat a.gz) b.pcapng</c>: what a pipe gave once is not to be had again.</summary>
    [Test]
    public async Task Analyze_PipeBesideAFile_LosesNothingOfIt()
    {
        const string Maker = "/usr/bin/mkfifo";
        if (!File.Exists(Maker)) Assert.Ignore($"{Maker} is not installed");
        var (sent, received) = TwoEnds(0);
        var pipe = PathOf("pipe");
        using (var made = Process.Start(Maker, pipe)) await made.WaitForExitAsync();
        var annotated = await CommandRun.OfAsync("analyze", "--annotate", PathOf("copy.pcapng"), pipe, received);
        Assert.That((annotated.Status, annotated.Error), Is.EqualTo((2, $"error: --annotate reads captures twice, and '{pipe}' gives its packets once: write them to a file first\n")));
        var feeding = Task.Run(async () =>
        {
            await using var end = new FileStream(pipe, FileMode.Open, FileAccess.Write);
            await end.WriteAsync(await File.ReadAllBytesAsync(sent));
        });
        var result = await JsonAsync(pipe, received);
        await feeding;
        Assert.That((result.Flows.Single().Sent, result.Flows.Single().Lost), Is.EqualTo(((long?)Packets, (long?)Lost)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<RunResult> JsonAsync(params string[] arguments)
    {
        var run = await CommandRun.OfAsync(["analyze", "--json", .. arguments]);
        Assert.That(run.Status, Is.Zero, run.Error);
        return JsonSerializer.Deserialize(run.Output, ResultsJson.Document.RunResult)!;
    }

    /// <summary>A flow of which 200 packets die on the way, long after it began.</summary>
    private (string Sent, string Received) TwoEnds(long receiverAheadMs)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < Packets; i++) Pass(captures, 1, i, "before", "after", 20 + receiverAheadMs);
        captures.WriteTo(_folder.FullName);
        return (PathOf("before.pcapng"), PathOf("after.pcapng"));
    }

    private static void Pass(CaptureBuilder captures, uint flow, int i, string sender, string receiver, long shownDelayMs)
    {
        var frame = FrameBuilder.Probe(new ProbeHeader(flow, (ulong)i, T0 + (i * Ms), 0));
        captures.Add(sender, T0 + (i * Ms), frame);
        if (i is < 3000 or >= 3000 + Lost) captures.Add(receiver, T0 + ((i + shownDelayMs) * Ms), frame);
    }

    private string Write(string point)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < Packets; i++) captures.Add(point, T0 + (i * Ms), FrameBuilder.Probe(new ProbeHeader(1, (ulong)i, T0 + (i * Ms), 0)));
        return captures.WriteTo(_folder.FullName).Single(f => f.Point == point).File;
    }

    private string WriteText(string name)
    {
        File.WriteAllText(PathOf(name), "these are notes");
        return PathOf(name);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
