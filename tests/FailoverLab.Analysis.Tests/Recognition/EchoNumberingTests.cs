using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.ForeignFrames;

namespace FailoverLab.Analysis.Tests;

public sealed class EchoNumberingTests
{
    /// <summary>Of 2,000 requests 60 die, of the replies to the others 40; ten replies come twice; the number wraps.</summary>
    [TestCase(false, true)]
    [TestCase(true, true)]
    [TestCase(false, false)]
    [TestCase(true, false)]
    public void Analyze_Ping_CountsRoundTrips(bool ipv6, bool atBothEnds)
    {
        var flow = Pings(ipv6, atAsker: true, atAnswerer: atBothEnds).Analyze().Flows.Single();
        Assert.That((flow.Kind, flow.Sent, flow.Received, flow.Lost, flow.Duplicates), Is.EqualTo((FlowKind.IcmpEcho, (long?)2000, 1900L, (long?)100, (long?)10)));
        Assert.That(flow.RoundTripNs!.Median, Is.EqualTo(40 * Ms).Within(Ms / 2));
        Assert.That(flow.OneWayDelayNs, Is.Null);
    }

    /// <summary>Where only the answering end was captured, a reply that dies behind it cannot be known of.</summary>
    [Test]
    public void Analyze_PingAtTheAnsweringEnd_ShowsWhatWasAnswered()
    {
        var flow = Pings(false, atAsker: false, atAnswerer: true).Analyze().Flows.Single();
        Assert.That((flow.Sent, flow.Received, flow.Lost), Is.EqualTo(((long?)1940, 1940L, (long?)0)));
    }

    /// <summary>The answerer's clock is behind, so its stamps of requests come first; the trip as each point sees it tells who asks.</summary>
    [TestCase(-60)]
    [TestCase(60)]
    public void Analyze_PingWithClocksThatDiffer_FindsTheAskerAllTheSame(int aheadMs)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 500; i++)
        {
            var sent = T0 + (i * 10 * Ms);
            var there = sent + (20 * Ms) + (aheadMs * Ms);
            captures.Add("a.x", sent, Echo(false, i)).Add("b.x", there, Echo(false, i)).Add("b.x", there + 1000, Echo(true, i));
            if (i % 50 != 20) captures.Add("a.x", sent + (40 * Ms), Echo(true, i));
        }

        var flow = captures.Analyze().Flows.Single();
        Assert.That((flow.Sent, flow.Received, flow.Lost), Is.EqualTo(((long?)500, 490L, (long?)10)));
        Assert.That(flow.RoundTripNs!.Median, Is.EqualTo(40 * Ms).Within(Ms / 2));
    }

    [Test]
    public void Analyze_PingAsksInVain_IsAnOutageOfTheRoundTrip()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 1000; i++)
        {
            captures.Add("a.x", T0 + (i * 10 * Ms), Echo(false, i));
            if (i is < 400 or >= 500) captures.Add("a.x", T0 + (i * 10 * Ms) + (40 * Ms), Echo(true, i));
        }

        var outage = captures.Analyze().Outages.Single();
        Assert.That(outage.Lost, Is.EqualTo(100));
        Assert.That(outage.DurationNs, Is.EqualTo(1000 * Ms).Within(10 * Ms));
    }

    private static CaptureBuilder Pings(bool ipv6, bool atAsker, bool atAnswerer)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 2000; i++)
        {
            var (number, sent) = (64_500 + i, T0 + (i * 10 * Ms));
            var arrives = i % 100 >= 3;
            var returns = arrives && i % 50 != 20;
            if (atAsker) captures.Add("a.x", sent, Echo(false, number, ipv6));
            if (!arrives) continue;
            if (atAnswerer) captures.Add("b.x", sent + (20 * Ms), Echo(false, number, ipv6)).Add("b.x", sent + (20 * Ms) + 1000, Echo(true, number, ipv6));
            if (!returns || !atAsker) continue;
            captures.Add("a.x", sent + (40 * Ms), Echo(true, number, ipv6));
            if (i % 200 == 77) captures.Add("a.x", sent + (41 * Ms), Echo(true, number, ipv6));
        }

        return captures;
    }
}
