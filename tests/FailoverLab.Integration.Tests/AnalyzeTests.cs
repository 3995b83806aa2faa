using System.Text.Json;
using FailoverLab.Packets;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Integration.Tests;

/// <summary>Captures nobody planned: a flow whose path dies at 3 s and that comes back on another at 3.2 s.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AnalyzeTests : IDisposable
{
    private const long Ms = 1_000_000;
    private const long T0 = 1_763_700_000_000 * Ms;
    private const int Packets = 12_000;
    private const int Died = 3000;
    private const int Returned = 3200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failoverlab-");

    public AnalyzeTests()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < Packets; i++)
        {
            var (at, frame) = (T0 + (i * Ms), FrameBuilder.Probe(new ProbeHeader(1, (ulong)i, T0 + (i * Ms), 0)));
            var path = i < Returned ? "fibre" : "lte";
            captures.Add("before", at, frame).Add(path + "-in", at + Ms, frame);
            if (i is >= Died and < Returned) continue;
            captures.Add(path + "-out", at + (20 * Ms), frame).Add("after", at + (21 * Ms), frame);
        }

        captures.WriteTo(_folder.FullName);
    }

    [Test]
    public async Task Analyze_OneCapture_TellsTheFlowAndItsOutage()
    {
        var outcome = await ProgramUnderTest.RunAsync("analyze", File("after"));
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        Assert.That(outcome.Output, Does.Contain("flow-1").And.Contain("201"), "from the last packet before to the first behind are 201 ms");
    }

    [Test]
    public async Task Analyze_EndsAndPathsNamed_TellsTheFailover()
    {
        var result = await JsonAsync(
            "--sent", File("before"), "--received", File("after"),
            "--path", "fibre=" + File("fibre-in"), "--path", "fibre=" + File("fibre-out"), "--path", "lte=" + File("lte-in"), "--path", "lte=" + File("lte-out"));
        var failover = result.Failovers.Single();
        Assert.That((failover.FromPath, failover.ToPath), Is.EqualTo(("fibre", "lte")));
        Assert.That((result.Flows.Single().Sent, result.Flows.Single().Lost), Is.EqualTo(((long?)Packets, (long?)(Returned - Died))));
        Assert.That(result.Paths.Select(p => (p.Name, p.Lost)), Is.EqualTo(new[] { ("fibre", (long?)(Returned - Died)), ("lte", 0L) }));
    }

    [Test]
    public async Task Analyze_ThreadsGiven_ChangesNothing()
    {
        var one = await ProgramUnderTest.RunAsync("analyze", "--json", "--threads", "1", File("before"), File("after"));
        var three = await ProgramUnderTest.RunAsync("analyze", "--json", "--threads", "3", File("before"), File("after"));
        Assert.That(one.ExitCode, Is.Zero, one.Error);
        Assert.That(three.Output, Is.EqualTo(one.Output));
    }

    /// <summary>The two ends of a flow in files of one name, as a tool on two hosts leaves them.</summary>
    [Test]
    public async Task Analyze_FilesOfOneName_AreTwoPoints()
    {
        var (sent, received) = (Moved("before", "a"), Moved("after", "b"));
        var flow = (await JsonAsync("--sent", sent, "--received", received)).Flows.Single();
        Assert.That((flow.Sent, flow.Received), Is.EqualTo(((long?)Packets, Packets - (long)(Returned - Died))));
    }

    [Test]
    public async Task Analyze_Annotate_CommentsThePacketsAroundTheOutage()
    {
        var copy = File("copy");
        var outcome = await ProgramUnderTest.RunAsync("analyze", "--annotate", copy, "--sent", File("before"), "--received", File("after"));
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        Assert.That(CaptureReader.TryOpen(copy, out var reader, out var error), error);
        using var owned = reader;
        var (packets, comments) = (0, 0);
        while (reader!.TryReadNext(out _))
        {
            packets++;
            if (reader.ReadComment() is not null) comments++;
        }

        Assert.That(packets, Is.EqualTo((2 * Packets) - (Returned - Died)));
        Assert.That(comments, Is.GreaterThanOrEqualTo(Returned - Died + 2), "the lost ones, the last before and the first behind");
    }

    [Test]
    public async Task Analyze_WrongArguments_AreToldAllAtOnce()
    {
        var outcome = await ProgramUnderTest.RunAsync("analyze", "--path", "fibre", "--path", "lte=nowhere.pcap", File("missing"));
        Assert.That(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3));
        Assert.That(outcome.Error, Does.Contain("write --path NAME=CAPTURE").And.Contain("'nowhere.pcap' does not exist").And.Contain("missing.pcapng' does not exist"));
        Assert.That(outcome.ExitCode, Is.EqualTo(3));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<RunResult> JsonAsync(params string[] arguments)
    {
        var outcome = await ProgramUnderTest.RunAsync(["analyze", "--json", .. arguments]);
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        return JsonSerializer.Deserialize(outcome.Output, ResultsJson.Document.RunResult)!;
    }

    private string File(string point) => Path.Combine(_folder.FullName, point + ".pcapng");

    private string Moved(string point, string folder)
    {
        var target = Path.Combine(_folder.CreateSubdirectory(folder).FullName, "eth0.pcapng");
        System.IO.File.Move(File(point), target);
        return target;
    }
}
