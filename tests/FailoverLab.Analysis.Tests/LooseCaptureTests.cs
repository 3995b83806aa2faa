using System.Diagnostics;
using FailoverLab.Packets;
using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

public sealed class LooseCaptureTests
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("failoverlab-loose").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    /// <summary>Made-up flows must not fill the memory: so many are followed, the packets of the others are told.</summary>
    [Test]
    public void Analyze_MoreFlowsThanAreFollowed_IsACaveat()
    {
        const int beyond = 100;
        var captures = new CaptureBuilder();
        for (var i = 0; i < FlowIndex.MostFlows + beyond; i++)
        {
            for (var packet = 0; packet < 3; packet++) captures.Add("a.x", T0 + (packet * 1000 * Ms) + i, FrameBuilder.Probe(new ProbeHeader((uint)i, (ulong)packet, T0, 0)));
        }

        var result = captures.Analyze();
        Assert.That(result.Flows, Has.Count.EqualTo(FlowIndex.MostFlows));
        Assert.That(result.Caveats.Single(c => c.Code == "flows-not-followed").Text, Does.Contain($" {3 * beyond} packets"));
    }

    [Test]
    public void Analyze_NoContext_FindsFlowsAndTheirEnds()
    {
        var result = Cut().Analyze(AnalysisContext.Empty);
        Assert.That(result.Flows.Select(f => (f.Id, f.From, f.To, f.Sent)), Is.EqualTo(new[]
        {
            ("flow-1", "traffic", "business", (long?)2000), ("flow-2", "business", "traffic", (long?)2000),
        }));
        Assert.That(result.Outages.Select(o => o.Lost), Is.EqualTo(new[] { 100, 100 }).Within(1));
        Assert.That(result.Failovers, Is.Empty);
    }

    [Test]
    public void Analyze_OneCaptureOfTheReceiver_CountsLossByNumber()
    {
        var file = Write(Cut().Captures, "business.core0");
        var result = CaptureAnalyzer.Analyze([new CaptureInput(file, "b.pcapng")], new AnalysisContext { Flows = [Up with { SentPoint = null }] }, CancellationToken.None);
        var flow = result.Flows.First(f => f.Id == Up.Name);
        Assert.That((flow.Sent, flow.Lost, flow.OneWayDelayNs), Is.EqualTo(((long?)null, (long?)100, (DelaySummary?)null)));
        Assert.That(result.Outages.Single(o => o.Flow == Up.Name).DurationNs, Is.EqualTo(100 * Ms).Within(3 * Ms));
        Assert.That(result.Caveats.Select(c => c.Code), Does.Contain("no-sender-capture"));
    }

    [Test]
    public void Analyze_PlannedPointNotCaptured_TakesTheHostsOtherCaptures()
    {
        // The far host's bridge was not captured, its two ports were; the second port sees a few packets again.
        var lab = Cut();
        var bridge = Path.Combine(_directory, "r1.pcapng");
        File.WriteAllBytes(bridge, lab.Captures.ToPcapng("business.core0"));
        var again = new CaptureBuilder().Add("business.r2", T0 + (500 * Ms), FrameBuilder.Probe(new ProbeHeader(Up.Id, 400, T0, 0))).WriteTo(_directory).Single();
        var inputs = new[] { new CaptureInput(Write(lab.Captures, "traffic.lan"), "t"), new CaptureInput(bridge, "r1", "business.r1"), new CaptureInput(again.File, "r2") };
        var result = CaptureAnalyzer.Analyze(inputs, new AnalysisContext { Flows = [Up, Down] }, CancellationToken.None);
        Assert.That(result.Flows.Select(f => (f.Sent, f.Lost, f.Duplicates)), Is.All.EqualTo(((long?)2000, (long?)100, (long?)0)));
        Assert.That(result.Caveats.Select(c => c.Code), Is.EqualTo(new[] { "point-missing" }));
    }

    [Test]
    public void Analyze_NothingCapturedAtTheReceiver_CallsNothingLost()
    {
        var lab = Cut();
        var inputs = new[] { "traffic.lan", "hub.sl1" }.Select(p => new CaptureInput(Write(lab.Captures, p), p)).ToList();
        var result = CaptureAnalyzer.Analyze(inputs, new AnalysisContext { Flows = [Up] }, CancellationToken.None);
        var flow = result.Flows.Single(f => f.Id == Up.Name);
        Assert.That((flow.Sent, flow.Received, flow.Lost), Is.EqualTo(((long?)2000, 0L, (long?)null)));
        Assert.That(result.Outages.Where(o => o.Flow == Up.Name), Is.Empty);
        Assert.That(result.Caveats.Select(c => c.Code), Does.Contain("no-receiver-capture"));
    }

    [Test]
    public void Analyze_PcapOfAnyName_UsesTheGivenPoint()
    {
        var lab = Cut();
        string[] points = ["traffic.lan", "business.core0"];
        var inputs = points.Select(p => new CaptureInput(Write(lab.Captures, p), "x", "given." + p)).ToList();
        var result = CaptureAnalyzer.Analyze(inputs, AnalysisContext.Empty, CancellationToken.None);
        Assert.That(result.Captures.Select(c => c.Point), Is.EqualTo(new[] { "given.traffic.lan", "given.business.core0" }));
        Assert.That(result.Flows.Select(f => f.From), Is.All.EqualTo("given"));
    }

    [Test]
    public void Analyze_TornCapture_KeepsWhatCameBeforeAndSaysSo()
    {
        var lab = Cut();
        var torn = lab.Captures.ToPcapng("business.core0")[..^500];
        var (a, b) = (Write(lab.Captures, "traffic.lan"), Path.Combine(_directory, "torn.pcapng"));
        File.WriteAllBytes(b, torn);
        var result = CaptureAnalyzer.Analyze([new CaptureInput(a, "a"), new CaptureInput(b, "b")], AnalysisContext.Empty, CancellationToken.None);
        Assert.That(result.Captures.Select(c => c.Truncated), Is.EqualTo(new[] { false, true }));
        Assert.That(result.Caveats.Single(c => c.Code == "capture-truncated").Affects, Is.EqualTo(new[] { "business.core0", "flow-1", "flow-2" }), "the capture and every figure made of it");
        Assert.That(result.Flows, Has.Count.EqualTo(2));
    }

    [Test]
    public void Analyze_NoCaptureAtAll_IsACaveatAndNotInTheRecord()
    {
        var file = Path.Combine(_directory, "notes.txt");
        File.WriteAllText(file, "these are notes");
        var result = CaptureAnalyzer.Analyze([new CaptureInput(file, "notes.txt"), new CaptureInput(file + "2", "gone")], AnalysisContext.Empty, CancellationToken.None);
        Assert.That(result.Captures, Is.Empty);
        Assert.That(result.Caveats.Select(c => c.Code), Is.EqualTo(new[] { "capture-unreadable", "capture-unreadable" }));
    }

    [Test]
    public void Analyze_DropsAndWrongCounts_AreCaveats()
    {
        var file = Path.Combine(_directory, "c.pcapng");
        File.WriteAllBytes(file, Cut().Captures.ToPcapng("traffic.lan", dropped: 12));
        var context = new AnalysisContext { Reports = [new PointReport("traffic.lan", 1, 12)] };
        var result = CaptureAnalyzer.Analyze([new CaptureInput(file, "c.pcapng")], context, CancellationToken.None);
        Assert.That(result.Captures.Single().Dropped, Is.EqualTo(12));
        Assert.That(result.Caveats.Select(c => c.Code), Is.SupersetOf(new[] { "capture-drops", "capture-recount" }));
    }

    [Test]
    public void Analyze_StampsGoingBackwards_AreSortedAndSaid()
    {
        var file = Path.Combine(_directory, "backwards.pcapng");
        using (var writer = new PcapngWriter(File.Create(file), new PcapngDescription("b.x", CaptureLinkType.Ethernet, 0)))
        {
            for (var i = 0; i < 200; i++)
            {
                var number = i ^ 1;
                writer.Write(T0 + (number * 2 * Ms), FrameBuilder.Probe(new ProbeHeader(1, (ulong)number, T0, 0)), 74);
            }
        }

        var result = CaptureAnalyzer.Analyze([new CaptureInput(file, "x")], AnalysisContext.Empty, CancellationToken.None);
        Assert.That(result.Caveats.Select(c => c.Code), Does.Contain("stamps-backwards"));
        Assert.That((result.Flows[0].Reordered, result.Flows[0].Lost), Is.EqualTo(((long?)0, (long?)0)));
    }

    [Test]
    public void Analyze_Canceled_Throws()
    {
        var file = Write(Cut().Captures, "traffic.lan");
        Assert.That(() => CaptureAnalyzer.Analyze([new CaptureInput(file, "x")], AnalysisContext.Empty, new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Analyze_LostPackets_AreThoseTsharkCounts()
    {
        const string Tshark = "/usr/bin/tshark";
        if (!File.Exists(Tshark)) Assert.Ignore($"{Tshark} is not installed");
        var lab = Cut();
        var sent = Numbers(Tshark, Write(lab.Captures, "traffic.lan"));
        var received = Numbers(Tshark, Write(lab.Captures, "business.core0"));
        var lost = sent.Where(n => n.StartsWith("00000001", StringComparison.Ordinal)).Except(received).Count();
        Assert.That(lost, Is.EqualTo(100), "the cut");
        Assert.That(lab.Analyze(Context(Up, Down)).Flows[0].Lost, Is.EqualTo(lost));
    }

    /// <summary>A hundred packets each way lost in a cut of 100 ms.</summary>
    private static SyntheticLab Cut()
    {
        var lab = new SyntheticLab { Survives = (_, _, at) => at is < 1000 * Ms or >= 1100 * Ms };
        return lab.Send(Up, 0, 2000 * Ms).Send(Down, 400_000, 2000 * Ms);
    }

    private string Write(CaptureBuilder captures, string point)
    {
        var file = Path.Combine(_directory, point + ".pcapng");
        File.WriteAllBytes(file, captures.ToPcapng(point));
        return file;
    }

    /// <summary>Flow and sequence of every plain probe, as hexadecimal digits, without duplicates.</summary>
    private static HashSet<string> Numbers(string tshark, string file)
    {
        var start = new ProcessStartInfo(tshark) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-r", file, "-Y", "udp.payload[0:4] == 46:4c:50:31", "-T", "fields", "-e", "udp.payload" }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return [.. lines.Select(l => l.Replace(":", "", StringComparison.Ordinal).Substring(8, 24))];
    }
}
