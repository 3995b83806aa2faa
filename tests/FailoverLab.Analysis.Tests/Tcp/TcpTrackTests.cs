using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.ForeignFrames;

namespace FailoverLab.Analysis.Tests;

/// <summary>A connection over a path of 20 ms each way, captured at the sender (<c>a.x</c>) and the receiver (<c>b.x</c>).</summary>
public sealed class TcpTrackTests
{
    private const int Size = 1000;
    private const string Forward = "tcp 192.0.2.2:40000 > 198.51.100.10:80";

    /// <summary>Whichever way data goes, whichever capture is read first, and through the wrap at 2^32.</summary>
    [TestCase(false, "a.x", "b.x", 1000u)]
    [TestCase(false, "z.x", "b.x", 1000u)]
    [TestCase(true, "a.x", "b.x", 1000u)]
    [TestCase(true, "z.x", "b.x", uint.MaxValue - 100_000)]
    [TestCase(false, "z.x", "b.x", uint.MaxValue - 100_000)]
    public void Analyze_PathDies_StallHoldsTheDeadTime(bool backward, string sender, string receiver, uint first)
    {
        // Every 10 ms a segment; the path is dead from 1000 to 2000 ms. Three more go out, then the first of them again at 300, 700 and 1500 ms.
        var captures = new CaptureBuilder();
        for (var i = 0; i < 100; i++) Exchange(captures, backward, sender, receiver, first, i, i * 10);
        for (var i = 100; i < 103; i++) captures.Add(sender, At(1005 + i), Segment(backward, first, i));
        foreach (var at in new[] { 1300, 1700 }) captures.Add(sender, At(at), Segment(backward, first, 100));
        captures.Add(sender, At(2500), Segment(backward, first, 100)).Add(receiver, At(2520), Segment(backward, first, 100));
        captures.Add(receiver, At(2520), Answer(backward, first, 101)).Add(sender, At(2540), Answer(backward, first, 101));
        for (var i = 101; i < 200; i++) Exchange(captures, backward, sender, receiver, first, i, 2550 + (i * 10) - 1000);

        var result = captures.Analyze();
        var flow = result.Flows.Single();
        var outage = result.Outages.Single();
        Assert.That((flow.Kind, flow.Id == Forward, outage.Flow), Is.EqualTo((FlowKind.Tcp, !backward, flow.Id)));
        Assert.That((flow.Received, flow.Retransmissions, flow.Reordered), Is.EqualTo((200L, (long?)5, (long?)0)), "three of the first, and the two behind it");
        Assert.That(flow.RoundTripNs!.Median, Is.EqualTo(40 * Ms).Within(Ms / 2));
        Assert.That((outage.StartNs, outage.EndNs, outage.Recovered), Is.EqualTo((At(1105), (long?)At(2540), true)), "from the first data after all was answered");
        Assert.That((outage.LowNs, outage.HighNs), Is.EqualTo((595 * Ms, (long?)1435 * Ms)));
        (895 * Ms).AssertHeldBy(outage.LowNs, outage.HighNs);
    }

    /// <summary>A segment overtaken by the next fills the hole before a retransmission could; one that comes a round trip later is one.</summary>
    [TestCase(1, 1, 0)]
    [TestCase(60, 0, 1)]
    public void Analyze_SegmentFillsAHole_IsReorderedOrSentAgain(int laterMs, int reordered, int again)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 100; i++) Exchange(captures, false, "a.x", "b.x", 1, i, i * 50);
        captures.Add("a.x", At(5000), Segment(false, 1, 101)).Add("a.x", At(5000 + laterMs), Segment(false, 1, 100));
        captures.Add("a.x", At(5100), Answer(false, 1, 102));
        var flow = captures.Analyze().Flows.Single();
        Assert.That((flow.Reordered, flow.Retransmissions), Is.EqualTo(((long?)reordered, (long?)again)));
    }

    [Test]
    public void Analyze_KeepAlives_AreNeitherRetransmissionsNorStalls()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 100; i++) Exchange(captures, false, "a.x", "b.x", 1, i, i * 10);
        for (var k = 1; k <= 5; k++)
        {
            var probe = Tcp(false, 1 + (100 * Size) - 1, 1, 1);
            captures.Add("a.x", At(k * 15_000), probe).Add("b.x", At((k * 15_000) + 20), probe).Add("a.x", At((k * 15_000) + 40), Answer(false, 1, 100));
        }

        Exchange(captures, false, "a.x", "b.x", 1, 100, 90_000);
        var result = captures.Analyze();
        Assert.That(result.Outages, Is.Empty);
        Assert.That((result.Flows.Single().Retransmissions, result.Flows.Single().Received), Is.EqualTo(((long?)0, 101L)));
    }

    /// <summary>Without the answers nothing can be said about them, whatever was sent again.</summary>
    [Test]
    public void Analyze_OneWayCapture_FindsRetransmissionsAndNoStall()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 200; i++)
        {
            captures.Add("a.x", At(i * 10), Segment(false, 1, i));
            if (i % 50 == 10) captures.Add("a.x", At((i * 10) + 5), Segment(false, 1, i - 3));
        }

        var result = captures.Analyze();
        Assert.That(result.Outages, Is.Empty);
        Assert.That((result.Flows.Single().Retransmissions, result.Flows.Single().RoundTripNs), Is.EqualTo(((long?)4, (DelaySummary?)null)));
    }

    [Test]
    public void Analyze_AnswersCapturedAlone_AreNoFlow() =>
        Assert.That(Enumerable.Range(0, 100).Aggregate(new CaptureBuilder(), (c, i) => c.Add("a.x", At(i * 10), Answer(false, 1, i))).Analyze().Flows, Is.Empty);

    /// <summary>Four of five acknowledgements die; the next covers them.</summary>
    [TestCase(1UL)]
    [TestCase(2UL)]
    public void Analyze_AcknowledgementsDie_NothingStalls(ulong seed)
    {
        var random = new Primitives.SeededRandom(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        var captures = new CaptureBuilder();
        for (var i = 0; i < 2000; i++)
        {
            captures.Add("a.x", At(i * 2), Segment(false, 1, i));
            if (random.NextDouble() < 0.2 || i == 1999) captures.Add("a.x", At((i * 2) + 40), Answer(false, 1, i + 1));
        }

        var result = captures.Analyze();
        Assert.That(result.Outages, Is.Empty);
        Assert.That(result.Flows.Single().Retransmissions, Is.Zero);
    }

    /// <summary>The path never comes back: the sender repeats itself to the end.</summary>
    [Test]
    public void Analyze_NeverAnsweredAgain_IsNotRecovered()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 100; i++) Exchange(captures, false, "a.x", "b.x", 1, i, i * 10);
        foreach (var at in new[] { 1200, 1500, 2100, 3300 }) captures.Add("a.x", At(at), Segment(false, 1, 100));
        var outage = captures.Analyze().Outages.Single();
        Assert.That((outage.Recovered, outage.StartNs, outage.EndNs, outage.LowNs), Is.EqualTo((false, At(1200), (long?)null, 2100 * Ms)));
    }

    /// <summary>A bare acknowledgement is padded to 60 bytes on the wire; where the capture cut the padding off, it carries nothing all the same.</summary>
    [TestCase(60, 54, 40, 0u)]
    [TestCase(60, 60, 40, 0u)]
    [TestCase(1054, 54, 1040, 1000u)]
    [TestCase(1054, 54, 0, 1000u, Description = "the card fills the length in later")]
    public void TryRead_PaddedOrCutSegment_TellsTheDataOnTheWire(int wire, int captured, int ipLength, uint data)
    {
        var frame = Tcp(false, 1, 1, 1000)[..captured];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)ipLength);
        Assert.That(FrameDissector.TryRead(new Packets.CapturedPacket(T0, frame, wire, 0, Packets.CaptureLinkType.Ethernet), out _, out var a, out var b));
        Assert.That(TcpSighting.Of(new Sighting { A = a, B = b }).Payload, Is.EqualTo(data));
    }

    [Test]
    public void Analyze_PortsUsedAgain_AreANewConnection()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 100; i++) Exchange(captures, false, "a.x", "b.x", 3_000_000_000, i, i * 10);
        captures.Add("a.x", At(5000), Tcp(false, 999_999, 0, 0, 0x02)).Add("a.x", At(5040), Tcp(true, 5, 1_000_000, 0, 0x12));
        for (var i = 0; i < 100; i++) Exchange(captures, false, "a.x", "b.x", 1_000_000, i, 5050 + (i * 10));
        var result = captures.Analyze();
        Assert.That(result.Outages, Is.Empty);
        Assert.That(result.Flows.Single(f => f.Id == Forward).Retransmissions, Is.Zero);
    }

    private static long At(long ms) => T0 + (ms * Ms);

    private static byte[] Segment(bool backward, uint first, int i) => Tcp(backward, unchecked(first + (uint)(i * Size)), 1, Size);

    private static byte[] Answer(bool backward, uint first, int upTo) => Tcp(!backward, 1, unchecked(first + (uint)(upTo * Size)), 0);

    /// <summary>A segment that arrives after 20 ms and is answered at once.</summary>
    private static void Exchange(CaptureBuilder captures, bool backward, string sender, string receiver, uint first, int i, long ms) => captures
        .Add(sender, At(ms), Segment(backward, first, i)).Add(receiver, At(ms + 20), Segment(backward, first, i))
        .Add(receiver, At(ms + 20), Answer(backward, first, i + 1)).Add(sender, At(ms + 40), Answer(backward, first, i + 1));
}
