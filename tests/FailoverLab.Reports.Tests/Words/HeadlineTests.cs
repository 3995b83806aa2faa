using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Reports.Tests;

public sealed class HeadlineTests
{
    private static readonly RunResult Sample = SampleRun.Build();

    [Test]
    public void Of_FailoverAndReversion_SaysHowLongAndWhichPath()
    {
        var result = Sample with { Failovers = [.. Sample.Failovers.Take(2)] };
        Assert.That(Plain(result), Is.EqualTo("PASS: traffic was down at most 62.4 ms [61.4, 63.4]; it moved from starlink-1 to starlink-2 and back."));
    }

    [Test]
    public void Of_NoOutageNoLoss_SaysTrafficWasNeverDown() => Assert.That(
        Plain(Sample with { Outages = [], Failovers = [], Paths = [Sample.Paths[1]], Flows = [.. Sample.Flows.Select(f => f with { Lost = 0 })] }),
        Is.EqualTo("PASS: traffic was never down; it stayed on starlink-1."));

    [Test]
    public void Of_LossWithoutOutage_SaysHowMuch() => Assert.That(
        Plain(Sample with { Outages = [], Failovers = [], Paths = [Sample.Paths[1]], Flows = [Sample.Flows[0] with { Lost = 61 }] }),
        Is.EqualTo("PASS: traffic was never down but 61 packets were lost; it stayed on starlink-1."));

    [Test]
    public void Of_RouterMovesPathStays_NamesBothRouters()
    {
        var crash = Sample.Failovers[0] with { FromPath = "starlink-1", ToPath = "starlink-1", FromRouter = "router-1", ToRouter = "router-2" };

        Assert.That(Plain(Sample with { Failovers = [crash] }), Does.EndWith("; it stayed on starlink-1, going over from router-1 to router-2."));
    }

    [Test]
    public void Of_NeverRecovered_BeatsALongerOutageThatEnded()
    {
        var open = Sample.Outages[0] with { Recovered = false, DurationNs = 5_000_000, HighNs = null, EndNs = null };
        var result = Sample with { Verdict = Verdict.Fail, Outages = [.. Sample.Outages, open], Failovers = [Sample.Failovers[0] with { ToPath = null }] };
        Assert.That(Plain(result), Is.EqualTo(
            "FAIL: traffic went down and had not come back after 5.00 ms (probe-v4-up); it left starlink-1 and no path took over."));
    }

    [TestCase(new[] { "a", "b" }, "moved from a to b")]
    [TestCase(new[] { "a", "b", "c" }, "moved from a to b and then c")]
    [TestCase(new[] { "a", "b", "c", "a" }, "moved from a to b, then c and then back to a")]
    [TestCase(new[] { "a", "b", "a", "b" }, "moved 3 times between a and b, and was on b at the end")]
    [TestCase(new[] { "a", "b", "c", "a", "b", "c", "a" }, "moved 6 times between a, b and c, and was on a at the end")]
    public void Tell_Chain_ReadsAsASentence(string[] chain, string expected) => Assert.That(PathStory.Tell(chain, chain.Length - 1), Is.EqualTo(expected));

    private static string Plain(RunResult result) => Headline.Of(result).ToString().Replace('\u00A0', ' ');
}
