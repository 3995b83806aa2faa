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

    /// <summary>Each capture holds as many as are followed, and other ones.</summary>
    [Test]
    public void Analyze_MoreFlowsOverAllCaptures_IsACaveatToo()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < FlowIndex.MostFlows; i++)
        {
            captures.Add("a.x", T0 + i, FrameBuilder.Probe(new ProbeHeader((uint)i, 0, T0, 0)));
            captures.Add("b.x", T0 + Ms + i, FrameBuilder.Probe(new ProbeHeader((uint)(i + FlowIndex.MostFlows), 0, T0, 0)));
        }

        var result = captures.Analyze();
        Assert.That(result.Flows, Has.Count.EqualTo(FlowIndex.MostFlows));
        Assert.That(result.Caveats.Single(c => c.Code == "flows-not-followed").Text, Does.StartWith($"{FlowIndex.MostFlows} packets"));
    }

    /// <summary>A drop may be in any flow that was read at that point, of whatever kind.</summary>
    [Test]
    public void Analyze_DropsAtAPoint_AreACaveatOfEachFlowReadThere()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 100; i++)
        {
            captures.Add("a.x", T0 + (i * Ms), ForeignFrames.Tcp(false, (uint)(1 + (i * 100)), 1, 100)).Add("a.x", T0 + (i * Ms) + 1, ForeignFrames.Udp(new byte[40]));
            captures.Add("b.x", T0 + (i * Ms), ForeignFrames.Udp(new byte[40], port: 99));
        }

        string[] files = [Path.Combine(_directory, "a.pcapng"), Path.Combine(_directory, "b.pcapng")];
        File.WriteAllBytes(files[0], captures.ToPcapng("a.x", dropped: 3));
        File.WriteAllBytes(files[1], captures.ToPcapng("b.x"));
        var result = CaptureAnalyzer.Analyze([.. files.Select(f => new CaptureInput(f, Path.GetFileName(f)))], AnalysisContext.Empty, CancellationToken.None);
        var read = result.Flows.Where(f => !f.Id.Contains(":99", StringComparison.Ordinal)).Select(f => f.Id).ToList();
        Assert.That((read.Count, result.Flows.Count), Is.EqualTo((2, 3)));
        Assert.That(result.Caveats.Single(c => c.Code == "capture-drops").Affects, Is.EquivalentTo(read.Append("a.x")));
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

    /// <summary>Simple packet blocks carry no stamp: unknown is absent, not 1970.</summary>
    [Test]
    public void Analyze_PacketsWithoutStamps_AreCountedApart([Values] bool withStamped)
    {
        var bytes = new CaptureBytes(bigEndian: false).Section().Interface(1, 0);
        for (uint i = 0; i < 200; i++)
        {
            var frame = FrameBuilder.Probe(new ProbeHeader(1, i, T0, 0));
            if (withStamped) bytes.Packet(0, ((ulong)T0 / 1000) + (i * 1000), frame);
            bytes.Block(3, b => b.Words((uint)frame.Length).Raw(frame).Raw(new byte[-frame.Length & 3]));
        }

        var file = Path.Combine(_directory, "simple.pcapng");
        File.WriteAllBytes(file, bytes.ToArray());
        var result = CaptureAnalyzer.Analyze([new CaptureInput(file, "x")], AnalysisContext.Empty, CancellationToken.None);
        var capture = result.Captures.Single();
        Assert.That(capture.Packets, Is.EqualTo(withStamped ? 400 : 200));
        Assert.That((capture.FirstNs, capture.LastNs), Is.EqualTo(withStamped ? (T0, T0 + (199 * Ms)) : ((long?)null, (long?)null)));
        Assert.That(result.Flows.Select(f => (f.Received, f.Duplicates)), Is.EqualTo(withStamped ? [(200L, (long?)0)] : Array.Empty<(long, long?)>()));
        Assert.That(result.Caveats.Single(c => c.Code == "no-stamps").Text, Does.Contain("200 packets"));
    }

    [Test]
    public void Analyze_MorePathsThanAreFollowed_IsACaveat()
    {
        var paths = Enumerable.Range(0, AnalysisContext.MostPaths + 2).Select(i => new PathContext($"path-{i}", $"site.p{i}", null)).ToArray();
        var captures = new CaptureBuilder().Declare([.. paths.Select(p => p.SitePoint)]);
        for (var i = 0; i < 200; i++) captures.Add("site.p65", T0 + (i * Ms), FrameBuilder.Probe(new ProbeHeader(1, (ulong)i, T0, 0)));
        var caveat = captures.Analyze(new AnalysisContext { Paths = paths }).Caveats.Single(c => c.Code == "paths-not-followed");
        Assert.That(caveat.Affects, Is.EqualTo(new[] { "path-64", "path-65" }));
    }

    /// <summary>Two captures of one place, one after another: nobody lost what the other does not hold.</summary>
    [TestCase("eth0", "eth0", 1, Description = "read as one")]
    [TestCase("eth0", "wlan0", 2, Description = "two interfaces, of which neither is the sender's")]
    public void Analyze_CapturesOneAfterAnother_AreNoTwoEnds(string first, string second, int points)
    {
        string[] files = [WriteAs("monday", first, 0, 2000), WriteAs("tuesday", second, 2000, 4000)];
        foreach (var inputs in new[] { files, [files[1], files[0]] })
        {
            var result = CaptureAnalyzer.Analyze([.. inputs.Select(f => new CaptureInput(f, Path.GetFileName(f)))], AnalysisContext.Empty, CancellationToken.None);
            var flow = result.Flows.Single();
            Assert.That((flow.Sent, flow.Received, flow.Lost), Is.EqualTo(((long?)null, 4000L, (long?)0)));
            Assert.That((result.Outages.Count, result.Captures.Select(c => c.Point).Distinct().Count()), Is.EqualTo((0, points)));
        }
    }

    /// <summary>Delays between two files are as good as two clocks that nobody compared; below 0 it is certain that these differ.</summary>
    [TestCase(20, true, "clocks-unknown")]
    [TestCase(-30, true, "clocks-differ")]
    [TestCase(-30, false, "clocks-differ")]
    [TestCase(20, false, null)]
    public void Analyze_EndsInTwoFiles_TellsOfTheirClocks(long shownDelayMs, bool isUnknown, string? code)
    {
        string[] files = [WriteAs("near", "a.x", 0, 2000), WriteAs("far", "b.x", 0, 2000, shownDelayMs)];
        var context = new AnalysisContext { ClocksAreUnknown = isUnknown, SendingPoints = new HashSet<string> { "a.x" }, ReceivingPoints = new HashSet<string> { "b.x" } };
        var result = CaptureAnalyzer.Analyze([.. files.Select(f => new CaptureInput(f, Path.GetFileName(f)))], context, CancellationToken.None);
        Assert.That(result.Flows.Single().OneWayDelayNs!.Median, Is.EqualTo(shownDelayMs * Ms));
        Assert.That(result.Caveats.Select(c => c.Code), Is.EqualTo(code is null ? [] : new[] { code }));
    }

    /// <summary>One capture of both interfaces has one clock.</summary>
    [Test]
    public void Analyze_EndsInOneFile_HaveOneClock()
    {
        var file = Path.Combine(_directory, "both.pcapng");
        using (var writer = new PcapngWriter(File.Create(file), new PcapngSection()))
        {
            foreach (var name in new[] { "a.x", "b.x" }) writer.AddInterface(new CaptureInterface { Name = name, LinkType = CaptureLinkType.Ethernet, SnapLength = 0 });
            for (var i = 0; i < 400; i++)
            {
                var frame = FrameBuilder.Probe(new ProbeHeader(1, (ulong)(i / 2), T0 + (i / 2 * Ms), 0));
                writer.Write(i % 2, T0 + (i / 2 * Ms) + (i % 2 * 20_000), frame, frame.Length, null);
            }
        }

        var result = CaptureAnalyzer.Analyze([new CaptureInput(file, "both")], new AnalysisContext { ClocksAreUnknown = true }, CancellationToken.None);
        Assert.That((result.Flows.Single().OneWayDelayNs!.Median, result.Caveats.Count), Is.EqualTo((20_000L, 0)));
    }

    /// <summary>One clock an hour ahead: stamps do not overlap, but the packets are the same.</summary>
    [Test]
    public void Analyze_SamePacketsAnHourApart_AreTwoPoints()
    {
        string[] files = [WriteAs("near", "eth0", 0, 2000), WriteAs("far", "eth0", 500, 2000, 3_600_000)];
        var flow = CaptureAnalyzer.Analyze([.. files.Select(f => new CaptureInput(f, Path.GetFileName(f)))], AnalysisContext.Empty, CancellationToken.None).Flows.Single();
        Assert.That((flow.Sent, flow.Received, flow.Duplicates), Is.EqualTo(((long?)2000, 1500L, (long?)0)));
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

    private string WriteAs(string name, string interfaceName, int from, int to, long aheadMs = 0)
    {
        var captures = new CaptureBuilder();
        for (var i = from; i < to; i++) captures.Add(interfaceName, T0 + ((i + aheadMs) * Ms), FrameBuilder.Probe(new ProbeHeader(1, (ulong)i, T0 + (i * Ms), 0)));
        var file = Path.Combine(_directory, name + ".pcapng");
        File.WriteAllBytes(file, captures.ToPcapng(interfaceName));
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
