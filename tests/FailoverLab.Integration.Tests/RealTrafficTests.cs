using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// Common tools send through the tunnel while every link loses packets; the analysis must report the losses the tools report, to the
/// packet. Loss begins after the first packet and ends before the last, because a receiver cannot know of packets before the first or
/// after the last that it sees; and captures outlive the traffic, so nothing is under way at their end.
/// </summary>
public sealed partial class RealTrafficTests
{
    private const string Business = "198.51.100.10";
    private const string Business6 = "2001:db8:300::10";
    private const string Iperf3 = "/usr/bin/iperf3";
    private const string Ping = "/usr/bin/ping";
    private const string Gstreamer = "/usr/bin/gst-launch-1.0";

    private RunFixture? _runs;

    /// <summary>All tools in one run; those that are not installed stay out of it.</summary>
    [OneTimeSetUp]
    public async Task Run()
    {
        LabTier.Require();
        _runs = new RunFixture();
        var folder = _runs.Directory;
        List<string> steps = [];
        foreach (var (port, options) in new[] { (5300, ""), (5301, "--udp-counters-64bit") })
        {
            Step(Iperf3, "2s", "business", $"iperf3 -s -1 -p {port} > {folder}/server-{port}.txt");
            Step(Iperf3, "3s", "traffic", $"iperf3 -c {Business} -p {port} -u -b 1600k -l 200 -t 5 -J {options} > {folder}/{port}.txt");
        }

        Step(Ping, "3s", "traffic", $"ping -i 0.01 -c 500 -W 2 {Business} > {folder}/ping4.txt; true");
        Step(Ping, "3s", "traffic", $"ping -i 0.01 -c 500 -W 2 {Business6} > {folder}/ping6.txt; true");
        const string Type = "application/x-rtp,media=audio,clock-rate=8000,encoding-name=PCMA,payload=8";
        Step(Gstreamer, "2s", "business", $"timeout 8 gst-launch-1.0 -v udpsrc port=5004 caps='{Type}' ! rtpjitterbuffer latency=400 do-lost=true ! identity silent=false ! fakesink sync=false > {folder}/rtp.txt 2>&1; true");
        Step(Gstreamer, "3s", "traffic", $"gst-launch-1.0 audiotestsrc num-buffers=250 is-live=true samplesperbuffer=160 ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay min-ptime=20000000 max-ptime=20000000 ! udpsink host={Business} port=5004 > {folder}/rtp-sender.txt 2>&1");
        var scenario = _runs.Scenario($$"""
            version: 1
            name: real-traffic
            duration: 12s
            steps:
              - { at: 0s, capture: all }
              - { at: 0s, stack: start }
              - { at: 4s, degrade: { link: all, loss: 15% } }
              - { at: 6s, restore: all }
            {{string.Join('\n', steps)}}
            """);

        var outcome = await ProgramUnderTest.RunAsync("scenario", scenario, "--out", folder);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        Assert.That(_runs.Result().Captures.Sum(c => c.Dropped), Is.Zero);

        void Step(string tool, string at, string host, string command)
        {
            if (File.Exists(tool))
            {
                steps.Add($"  - {{ at: {at}, run: {{ host: {host}, command: \"{command}\", timeout: 10s }} }}");
            }
        }
    }

    [OneTimeTearDown]
    public void RemoveRun() => _runs?.Dispose();

    [TestCase(5300)]
    [TestCase(5301)]
    public async Task Iperf3Udp_LossyLinks_LosesWhatIperf3Reports(int port)
    {
        LabTier.RequireTool(Iperf3);
        var flow = Flow(FlowKind.Iperf3Udp, $":{port}");

        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Printed($"{port}.txt")));

        var sum = report.RootElement.GetProperty("end").GetProperty("sum");
        Assert.That(flow.Sent, Is.EqualTo(sum.GetProperty("packets").GetInt64()));
        Assert.That(flow.Lost, Is.EqualTo(sum.GetProperty("lost_packets").GetInt64()));
        AssertDiedOnLinks(flow);
    }

    [TestCase("ping4.txt", Business)]
    [TestCase("ping6.txt", Business6)]
    public async Task Ping_LossyLinks_LosesWhatPingReports(string printed, string target)
    {
        LabTier.RequireTool(Ping);
        var flow = Flow(FlowKind.IcmpEcho, target);

        var report = PingReport().Match(await File.ReadAllTextAsync(Printed(printed)));

        Assert.That(report.Success);
        Assert.That(flow.Sent, Is.EqualTo(Number(report.Groups[1])));
        Assert.That(flow.Received, Is.EqualTo(Number(report.Groups[2])));
        Assert.That(flow.Lost, Is.EqualTo(flow.Sent - flow.Received).And.GreaterThan(0));
    }

    /// <summary>GStreamer's jitter buffer announces every packet it gives up; tshark counts in the receiver's capture.</summary>
    [Test]
    public async Task Rtp_LossyLinks_LosesWhatReceiverAndTsharkReport()
    {
        LabTier.RequireTool(Gstreamer);
        LabTier.RequireTool("/usr/bin/tshark");
        var flow = Flow(FlowKind.Rtp, ":5004");

        var given = File.ReadLines(Printed("rtp.txt")).Count(l => l.Contains("GstRTPPacketLost", StringComparison.Ordinal));
        var (packets, lost) = await Tshark.RtpStreamAsync(Path.Combine(_runs!.Latest, "captures", "business.core0.pcapng"), 5004);

        Assert.That(flow.Sent, Is.EqualTo(250));
        Assert.That(flow.Lost, Is.EqualTo(given), "GStreamer");
        Assert.That((flow.Received, flow.Lost), Is.EqualTo((packets, (long?)lost)), "tshark");
        AssertDiedOnLinks(flow);
    }

    /// <summary>
    /// A link drops everything for three seconds under a TCP transfer. The receiver's reports of every 0.1 s are stamped as they are
    /// printed; those without a byte lie within the stall, give or take one such interval for when they were printed.
    /// </summary>
    [Test]
    public async Task Iperf3Tcp_LinkDrops_StallHoldsTheSilenceIperf3Reports()
    {
        LabTier.Require();
        LabTier.RequireTool(Iperf3);
        using var runs = new RunFixture();
        const long ReportNs = 100_000_000;
        var scenario = runs.Scenario($$"""
            version: 1
            name: tcp-cut
            duration: 14s
            steps:
              - { at: 0s, capture: { points: [endpoint.sl1, hub.sl1], snap: 96B } }
              - { at: 500ms, run: { host: hub, command: "iperf3 -s -1 -i 0.1 --forceflush | while read -r line; do echo \"$(date +%s%N) $line\"; done > {{runs.Directory}}/tool.txt", timeout: 13s } }
              - { at: 1500ms, run: { host: endpoint, command: "iperf3 -c 203.0.113.17 -b 4M -l 4K -t 10 > {{runs.Directory}}/client.txt", timeout: 12s } }
              - { at: 4s, degrade: { link: starlink-1, drop: true } }
              - { at: 7s, restore: starlink-1 }
            """);

        var outcome = await ProgramUnderTest.RunAsync("scenario", scenario, "--out", runs.Directory);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        var silence = LongestSilence(File.ReadLines(Path.Combine(runs.Directory, "tool.txt")));
        var stall = runs.Result().Outages.Single();
        TestContext.Out.WriteLine($"iperf3 {silence.FromNs}..{silence.ToNs}; stall {stall.StartNs}..{stall.EndNs}, at least {stall.LowNs} ns");
        Assert.That(silence.ToNs - silence.FromNs, Is.GreaterThan(2_500_000_000), "the cut takes three seconds");
        Assert.That(stall.Flow, Does.StartWith("tcp 203.0.113.18:"));
        Assert.That(stall.StartNs, Is.LessThanOrEqualTo(silence.FromNs + ReportNs));
        Assert.That(stall.EndNs, Is.GreaterThanOrEqualTo(silence.ToNs - ReportNs));
        Assert.That(stall.LowNs, Is.LessThanOrEqualTo(3_000_000_000L), "the path was dead for no longer");
        Assert.That(stall.HighNs, Is.GreaterThanOrEqualTo(3_000_000_000L));
        Assert.That(runs.Result().Flows.Where(f => f.Kind == FlowKind.Tcp).Sum(f => f.Reordered), Is.Zero, "the link keeps order");
    }

    private string Printed(string file) => Path.Combine(_runs!.Directory, file);

    private FlowSummary Flow(FlowKind kind, string mark)
    {
        var flow = _runs!.Result().Flows.Single(f => f.Kind == kind && f.Id.Contains(mark, StringComparison.Ordinal));
        TestContext.Out.WriteLine($"{flow.Id}: {flow.Sent} sent, {flow.Received} received, {flow.Lost} lost");
        return flow;
    }

    /// <summary>Every lost packet was last seen where it entered a WAN link.</summary>
    private static void AssertDiedOnLinks(FlowSummary flow)
    {
        Assert.That(flow.Lost, Is.GreaterThan(0));
        Assert.That((flow.From, flow.To), Is.EqualTo(("traffic", "business")));
        Assert.That(flow.Hops!.Where(h => h.Point is "endpoint.sl1" or "endpoint.sl2" or "endpoint.byu").Sum(h => h.LostAfter), Is.EqualTo(flow.Lost));
    }

    /// <summary>The longest row of reports without a byte.</summary>
    private static (long FromNs, long ToNs) LongestSilence(IEnumerable<string> lines)
    {
        var (longest, from) = ((FromNs: 0L, ToNs: 0L), 0L);
        foreach (var report in lines.Select(l => Iperf3Interval().Match(l)).Where(m => m.Success))
        {
            var printed = Number(report.Groups[1]);
            if (report.Groups[2].Value != "0.00") from = printed;
            else if (from > 0 && printed - from > longest.ToNs - longest.FromNs) longest = (from, printed);
        }

        return longest;
    }

    private static long Number(Group group) => long.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) packets transmitted, (\d+) received")]
    private static partial Regex PingReport();

    [GeneratedRegex(@"^(\d+) \[ +\d+\] +[\d.]+-[\d.]+ +sec +([\d.]+) \w*Bytes")]
    private static partial Regex Iperf3Interval();
}
