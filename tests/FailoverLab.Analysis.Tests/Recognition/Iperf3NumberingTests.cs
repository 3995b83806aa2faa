using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.ForeignFrames;

namespace FailoverLab.Analysis.Tests;

public sealed class Iperf3NumberingTests
{
    /// <summary>Numbers 300..349 die; iperf3's clock counts from the start of its machine, and the stream opens with a greeting of four bytes.</summary>
    [TestCase(false, 1, TestName = "Analyze_Iperf3NarrowCounters_CountsTheLost")]
    [TestCase(true, 1, TestName = "Analyze_Iperf3WideCounters_CountsTheLost")]
    [TestCase(false, (1L << 32) - 600, TestName = "Analyze_Iperf3CounterWraps_GoesOn")]
    [TestCase(true, (1L << 32) - 600, TestName = "Analyze_Iperf3WideCounterPassesTheNarrow_GoesOn")]
    public void Analyze_Iperf3_CountsTheLost(bool wide, long firstNumber)
    {
        var result = Stream(wide, firstNumber, atSender: true).Analyze();
        var flow = result.Flows.Single();
        Assert.That((flow.Kind, flow.From, flow.To), Is.EqualTo((FlowKind.Iperf3Udp, "a", "b")));

        // A greeting has no number, which reads as 0; one packet in 2^32 is given up for that.
        var zero = !wide && firstNumber > 1 ? 1 : 0;
        Assert.That((flow.Sent, flow.Received, flow.Duplicates, flow.Reordered), Is.EqualTo(((long?)1000 - zero, 950L - zero, (long?)0, (long?)0)));
        Assert.That(flow.Lost, Is.EqualTo(50));
        Assert.That(flow.OneWayDelayNs!.Median, Is.EqualTo(20 * Ms).Within(Ms / 4));
        Assert.That(result.Outages.Single().DurationNs, Is.EqualTo(50 * Ms).Within(Ms));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Analyze_Iperf3ReceiverAlone_TakesSendTimesFromThePackets(bool wide)
    {
        var flow = Stream(wide, 1, atSender: false).Analyze().Flows.Single();
        Assert.That((flow.Kind, flow.Sent, flow.Received, flow.Lost), Is.EqualTo((FlowKind.Iperf3Udp, (long?)null, 950L, (long?)50)));
        Assert.That(flow.IntervalNs, Is.EqualTo(Ms).Within(1000));
    }

    [Test]
    public void Analyze_NumbersThatOnlyLookRandom_AreNotIperf3()
    {
        var random = new Random(5);
        var captures = new CaptureBuilder();
        for (var i = 0; i < 200; i++)
        {
            var payload = new byte[100];
            random.NextBytes(payload);
            payload[0] = 0;
            captures.Add("a.x", T0 + (i * Ms), Udp(payload));
        }

        Assert.That(captures.Analyze().Flows.Single().Kind, Is.EqualTo(FlowKind.Generic));
    }

    private static CaptureBuilder Stream(bool wide, long firstNumber, bool atSender)
    {
        const long Uptime = 5_000_999_500_000;
        var captures = new CaptureBuilder().Add("b.x", T0 - Ms, Udp([0x39, 0x38, 0x37, 0x36]));
        if (atSender) captures.Add("a.x", T0 - (21 * Ms), Udp([0x39, 0x38, 0x37, 0x36]));
        for (var i = 0; i < 1000; i++)
        {
            var frame = Udp(Iperf3(firstNumber + i, Uptime + (i * Ms), wide));
            if (atSender) captures.Add("a.x", T0 + (i * Ms), frame);
            if (i is < 300 or >= 350) captures.Add("b.x", T0 + (i * Ms) + (20 * Ms), frame);
        }

        return captures;
    }
}
