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
    private const string Iperf3 = "/usr/bin/iperf3";
    private const string Ping = "/usr/bin/ping";
    private const string Gstreamer = "/usr/bin/gst-launch-1.0";

    [TestCase("")]
    [TestCase("--udp-counters-64bit")]
    public async Task Iperf3Udp_LossyLinks_LosesWhatIperf3Reports(string counters)
    {
        LabTier.Require();
        LabTier.RequireTool(Iperf3);
        using var runs = new RunFixture();

        var flow = await LossyAsync(
            runs,
            FlowKind.Iperf3Udp,
            listen: $"iperf3 -s -1 -p 5300 > {runs.Directory}/server.txt",
            send: $"iperf3 -c {Business} -p 5300 -u -b 1600k -l 200 -t 5 -J {counters} > {runs.Directory}/tool.txt");

        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(runs.Directory, "tool.txt")));
        var sum = report.RootElement.GetProperty("end").GetProperty("sum");
        Assert.That(flow.Sent, Is.EqualTo(sum.GetProperty("packets").GetInt64()));
        Assert.That(flow.Lost, Is.EqualTo(sum.GetProperty("lost_packets").GetInt64()));
        AssertDiedOnLinks(flow);
    }

    [TestCase(Business)]
    [TestCase("2001:db8:300::10")]
    public async Task Ping_LossyLinks_LosesWhatPingReports(string target)
    {
        LabTier.Require();
        LabTier.RequireTool(Ping);
        using var runs = new RunFixture();

        var flow = await LossyAsync(runs, FlowKind.IcmpEcho, listen: "true", send: $"ping -i 0.01 -c 500 -W 2 {target} > {runs.Directory}/tool.txt; true");

        var report = PingReport().Match(await File.ReadAllTextAsync(Path.Combine(runs.Directory, "tool.txt")));
        Assert.That(report.Success);
        Assert.That(flow.Sent, Is.EqualTo(Number(report.Groups[1])));
        Assert.That(flow.Received, Is.EqualTo(Number(report.Groups[2])));
        Assert.That(flow.Lost, Is.EqualTo(flow.Sent - flow.Received).And.GreaterThan(0));
    }

    /// <summary>GStreamer's jitter buffer announces every packet it gives up; tshark counts in the receiver's capture.</summary>
    [Test]
    public async Task Rtp_LossyLinks_LosesWhatReceiverAndTsharkReport()
    {
        LabTier.Require();
        LabTier.RequireTool(Gstreamer);
        LabTier.RequireTool("/usr/bin/tshark");
        using var runs = new RunFixture();

        const string Type = "application/x-rtp,media=audio,clock-rate=8000,encoding-name=PCMA,payload=8";
        var flow = await LossyAsync(
            runs,
            FlowKind.Rtp,
            listen: $"timeout 8 gst-launch-1.0 -v udpsrc port=5004 caps='{Type}' ! rtpjitterbuffer latency=400 do-lost=true ! identity silent=false ! fakesink sync=false > {runs.Directory}/tool.txt 2>&1; true",
            send: $"gst-launch-1.0 audiotestsrc num-buffers=250 is-live=true samplesperbuffer=160 ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay min-ptime=20000000 max-ptime=20000000 ! udpsink host={Business} port=5004 > {runs.Directory}/sender.txt 2>&1");

        var given = File.ReadLines(Path.Combine(runs.Directory, "tool.txt")).Count(l => l.Contains("GstRTPPacketLost", StringComparison.Ordinal));
        var (packets, lost) = await Tshark.RtpStreamAsync(Path.Combine(runs.Latest, "captures", "business.core0.pcapng"), 5004);
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

    private static async Task<FlowSummary> LossyAsync(RunFixture runs, FlowKind kind, string listen, string send)
    {
        var scenario = runs.Scenario($$"""
            version: 1
            name: real-traffic
            duration: 12s
            steps:
              - { at: 0s, capture: all }
              - { at: 0s, stack: start }
              - { at: 2s, run: { host: business, command: "{{listen}}", timeout: 10s } }
              - { at: 3s, run: { host: traffic, command: "{{send}}", timeout: 9s } }
              - { at: 4s, degrade: { link: all, loss: 15% } }
              - { at: 6s, restore: all }
            """);
        var outcome = await ProgramUnderTest.RunAsync("scenario", scenario, "--out", runs.Directory);
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        var result = runs.Result();
        Assert.That(result.Captures.Sum(c => c.Dropped), Is.Zero);
        var flow = result.Flows.Single(f => f.Kind == kind);
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
