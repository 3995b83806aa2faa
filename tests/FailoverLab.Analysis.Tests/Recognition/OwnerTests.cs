using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.ForeignFrames;

namespace FailoverLab.Analysis.Tests;

/// <summary>Ends of flows by the addresses of hosts, where clocks differ by more than packets take.</summary>
public sealed class OwnerTests
{
    private const long Late = 300_000;

    [TestCase(true)]
    [TestCase(false)]
    public void Analyze_ReceiverClockIsBehind_OwnersTellTheEnds(bool hasOwners)
    {
        var (source, destination) = Addresses();
        var context = AnalysisContext.Empty with
        {
            Paths = [new PathContext("one", "wan.lan", "wan.wan")],
            Owners = hasOwners ? new Dictionary<string, string> { [source] = "a.example.net", [destination] = "b", ["192.0.2.200"] = "nobody" } : new Dictionary<string, string>(),
        };

        var flow = Stream().Analyze(context).Flows.Single(f => f.Kind == FlowKind.Iperf3Udp);

        if (!hasOwners)
        {
            Assert.That(flow.Lost, Is.Not.EqualTo(50), "by its clock the receiver saw every packet first");
            return;
        }

        Assert.That((flow.From, flow.To, flow.Sent, flow.Received, flow.Lost), Is.EqualTo(("a.example.net", "b", (long?)1000, 950L, (long?)50)));
        Assert.That(flow.Hops!.Select(h => (h.Point, h.LostAfter)), Is.EqualTo(new[] { ("a.example.net.x", 0L), ("wan.lan", 50L), ("wan.wan", 0L), ("b.x", 0L) }));
    }

    /// <summary>An owner without a capture of the flow is passed over: the ends are found from the packets.</summary>
    [Test]
    public void Analyze_OwnerCapturedNothing_EndsAreFoundFromPackets()
    {
        var context = AnalysisContext.Empty with { Owners = new Dictionary<string, string> { [Addresses().Source] = "elsewhere" } };
        var flow = Stream().Analyze(context).Flows.Single(f => f.Kind == FlowKind.Iperf3Udp);
        Assert.That(flow.From, Is.Not.EqualTo("elsewhere"));
        Assert.That(flow.Sent, Is.GreaterThan(0));
    }

    private static (string Source, string Destination) Addresses()
    {
        var name = Stream().Analyze().Flows.Single(f => f.Kind == FlowKind.Iperf3Udp).Id;
        var ends = name["udp ".Length..].Split(" > ").Select(e => e[..e.LastIndexOf(':')].Trim('[', ']')).ToArray();
        return (ends[0], ends[1]);
    }

    /// <summary>1,000 packets, of which numbers 300 to 349 die on the link; nothing takes longer than 0.1 ms, and b's clock is 0.3 ms behind.</summary>
    private static CaptureBuilder Stream()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 1000; i++)
        {
            var (frame, sent) = (Udp(Iperf3(1 + i, 5_000_000_000_000 + (i * Ms), false)), T0 + (i * Ms));
            captures.Add("a.example.net.x", sent, frame).Add("wan.lan", sent + 20_000 - (Late / 2), frame);
            if (i is < 300 or >= 350) captures.Add("wan.wan", sent + 30_000 - (Late / 2), frame).Add("b.x", sent + 50_000 - Late, frame);
        }

        return captures;
    }
}
