using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.ForeignFrames;

namespace FailoverLab.Analysis.Tests;

public sealed class RtpNumberingTests
{
    /// <summary>Number and media time both wrap within; 40 packets die.</summary>
    [TestCase(8, 8000, TestName = "Analyze_RtpStaticType_CountsTheLost")]
    [TestCase(26, 90000, TestName = "Analyze_RtpStaticVideo_CountsTheLost")]
    [TestCase(96, 48000, TestName = "Analyze_RtpDynamicType_FindsTheRate")]
    [TestCase(111, 90000, TestName = "Analyze_RtpDynamicVideo_FindsTheRate")]
    public void Analyze_Rtp_CountsTheLost(int type, int rate)
    {
        var flow = Stream((byte)type, rate, atSender: true).Analyze().Flows.Single(f => f.Kind == FlowKind.Rtp);
        Assert.That((flow.Sent, flow.Received, flow.Lost, flow.Reordered), Is.EqualTo(((long?)1000, 960L, (long?)40, (long?)0)));
        Assert.That(flow.OneWayDelayNs!.Median, Is.EqualTo(20 * Ms).Within(Ms / 4));
    }

    /// <summary>Without the sender, the media time tells when packets were sent: the delay between jumps by 30 ms, which arrivals alone would show as a changed interval.</summary>
    [TestCase(8, 8000)]
    [TestCase(96, 48000)]
    public void Analyze_RtpReceiverAlone_CountsLossAndJitterByTheMediaTime(int type, int rate)
    {
        var flow = Stream((byte)type, rate, atSender: false).Analyze().Flows.Single(f => f.Kind == FlowKind.Rtp);
        Assert.That((flow.Sent, flow.Received, flow.Lost), Is.EqualTo(((long?)null, 960L, (long?)40)));
        Assert.That(flow.IntervalNs, Is.EqualTo(20 * Ms).Within(1000));
        Assert.That(flow.JitterNs, Is.EqualTo(0).Within(1000));
    }

    [Test]
    public void Analyze_RtcpOnTheSamePortsAndAnotherSource_AreNoPacketsOfTheStream()
    {
        var captures = Stream(8, 8000, atSender: true);
        for (var i = 0; i < 100; i++)
        {
            byte[] report = [0x80, 200, 0, 6, 0x12, 0x34, 0x56, 0x78, .. new byte[20]];
            foreach (var frame in new[] { Udp(report), Udp(Rtp(9000 + i, i * 160, source: 0xDEAD_BEEF)) })
            {
                captures.Add("a.x", T0 + (i * 200 * Ms) + Ms, frame).Add("b.x", T0 + (i * 200 * Ms) + (21 * Ms), frame);
            }
        }

        var flow = captures.Analyze().Flows.Single();
        Assert.That((flow.Kind, flow.Sent, flow.Received, flow.Lost, flow.Duplicates), Is.EqualTo((FlowKind.Rtp, (long?)1000, 960L, (long?)40, (long?)0)));
    }

    /// <summary>A stream of 1,000 packets/s comes to the second path after 40,000 packets, more than half the numbers there are.</summary>
    [TestCase("m1.x", "m2.x")]
    [TestCase("m2.x", "m1.x")]
    public void Analyze_PointJoinsLate_TakesUpTheCount(string before, string after)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 70_000; i++)
        {
            var frame = Udp(Rtp(i, i * 90, type: 26));
            captures.Add("a.x", T0 + (i * Ms), frame).Add(i < 40_000 ? before : after, T0 + (i * Ms) + Ms, frame);
            if (i % 1000 != 500) captures.Add("z.x", T0 + (i * Ms) + (20 * Ms), frame);
        }

        var flow = captures.Analyze().Flows.Single();
        Assert.That((flow.Sent, flow.Received, flow.Lost, flow.Duplicates), Is.EqualTo(((long?)70_000, 69_930L, (long?)70, (long?)0)));
        Assert.That(flow.Hops!.Select(h => (h.Point, h.Packets, h.LostAfter)), Is.EquivalentTo(new[]
        {
            ("a.x", 70_000L, 0L), (before, 40_000L, 40L), (after, 30_000L, 30L), ("z.x", 69_930L, 0L),
        }));
    }

    private static CaptureBuilder Stream(byte type, int rate, bool atSender)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 1000; i++)
        {
            var frame = Udp(Rtp(65_300 + i, 0xFFFF_0000L + ((long)i * rate / 50), type));
            if (atSender) captures.Add("a.x", T0 + (i * 20 * Ms), frame);
            if (i is < 500 or >= 540) captures.Add("b.x", T0 + (i * 20 * Ms) + (20 * Ms), frame);
        }

        return captures;
    }
}
