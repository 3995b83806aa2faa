using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.ForeignFrames;

namespace FailoverLab.Analysis.Tests;

public sealed class GenericTrackTests
{
    private const int Flows = 100;
    private const int Packets = 2000;

    /// <summary>The gaps of a flow of one packet in 10 ms on average, ns.</summary>
    private static readonly Dictionary<string, Func<SeededRandom, int, long>> Shapes = new()
    {
        ["regular"] = (random, _) => (10 * Ms) + random.Next((int)Ms),
        ["poisson"] = (random, _) => (long)(-Math.Log(1 - random.NextDouble()) * 10 * Ms),
        ["bursts"] = (random, i) => i % 20 == 0 ? (150 * Ms) + random.Next((int)(100 * Ms)) : (long)(random.NextDouble() * Ms),
        ["frames"] = (random, i) => i % 8 == 0 ? (33 * Ms) + random.Next((int)(5 * Ms)) : 50_000,
    };

    /// <summary>The rule allows one flow in a hundred a gap of chance; more than five of a hundred seeds would be beyond its luck.</summary>
    [TestCase("regular", 0)]
    [TestCase("poisson", 5)]
    [TestCase("bursts", 0)]
    [TestCase("frames", 0)]
    public void Outages_NothingFailed_AreRarerThanChanceAllows(string shape, int atMost)
    {
        var wrong = Enumerable.Range(1, Flows).Count(seed => Follow(shape, (ulong)seed, gapNs: 0).Count > 0);
        TestContext.Out.WriteLine($"{shape}: {wrong} of {Flows} flows (seeds 1..{Flows}) of {Packets} packets show an outage");
        Assert.That(wrong, Is.LessThanOrEqualTo(atMost));
    }

    [TestCase("regular", 200)]
    [TestCase("poisson", 500)]
    [TestCase("bursts", 2000)]
    [TestCase("frames", 500)]
    public void Outages_RealGap_IsFoundAndHeld(string shape, int gapMs)
    {
        for (var seed = 1UL; seed <= Flows; seed++)
        {
            var outages = Follow(shape, seed, gapMs * Ms);
            Assert.That(outages.Count(o => o.HighNs >= gapMs * Ms), Is.EqualTo(1), $"seed {seed}");
            var outage = outages.Single(o => o.HighNs >= gapMs * Ms);
            (gapMs * Ms).AssertHeldBy(outage.LowNs, outage.HighNs);
        }
    }

    [Test]
    public void Outages_FewPackets_AreNotJudged()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 40; i++) captures.Add("a.x", T0 + (i * Ms) + (i > 20 ? 5000 * Ms : 0), Udp([1, 2, 3]));
        Assert.That(captures.Analyze().Outages, Is.Empty);
    }

    /// <summary>A flow is judged where it was seen last on its way: behind the link that died.</summary>
    [Test]
    public void Analyze_UnnumberedFlow_IsJudgedAtItsFarthestPoint()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 1000; i++)
        {
            captures.Add("a.x", T0 + (i * 10 * Ms), Udp([9, 9, 9]));
            if (i is < 500 or >= 600) captures.Add("b.x", T0 + (i * 10 * Ms) + (20 * Ms), Udp([9, 9, 9]));
        }

        var result = captures.Analyze();
        Assert.That((result.Flows.Single().Kind, result.Flows.Single().Received), Is.EqualTo((FlowKind.Generic, 900L)));
        Assert.That(result.Outages.Single().DurationNs, Is.EqualTo(1000 * Ms));
    }

    private static List<Outage> Follow(string shape, ulong seed, long gapNs)
    {
        var random = new SeededRandom(seed);
        var names = new PointNames();
        var point = names.NumberOf("a.x");
        var track = new GenericTrack(new FlowKey(FlowKeyKind.Udp, 0, 1, 0, 2, 3), point, null, new LaneContext(AnalysisContext.Empty, names, names.All, new BinGrid(0, Bins.FinestNs)));
        var sightings = new Sighting[Packets];
        var at = T0;
        for (var i = 0; i < Packets; i++)
        {
            at += Shapes[shape](random, i) + (i == Packets / 2 ? gapNs : 0);
            sightings[i] = new Sighting { StampNs = at, Length = 100, Point = point };
        }

        track.Take(sightings);
        track.Finish(at);
        return [.. track.Outages(at)];
    }
}
