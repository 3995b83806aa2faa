namespace FailoverLab.Analysis.Tests;

/// <summary>Three paths, 5 % loss half before and half behind the captures, 20 Mbit/s of other traffic in each tunnel, and a second tunnel on each path.</summary>
public sealed class CodedFlowTests
{
    private const double Enough = 0.999;

    [Test]
    public void Advance_CapturesBeforeTheLinks_PassagesFound([Range(0, 6)] int tunnel, [Values(200, 1000)] int packetsPerSecond)
    {
        var score = Score(new TunnelTraffic((ulong)(packetsPerSecond + tunnel)) { Tunnel = TunnelKind.All[tunnel], IntervalNs = 1_000_000_000 / packetsPerSecond });

        Assert.Multiple(() =>
        {
            Assert.That(score.RightShare, Is.GreaterThanOrEqualTo(Enough));
            Assert.That(score.WrongShare, Is.LessThan(0.002));
        });
    }

    [Test]
    public void Advance_CapturesBehindJitterAndLoss_PassagesFound([Range(0, 6)] int tunnel, [Values(200, 1000)] int packetsPerSecond)
    {
        var score = Score(new TunnelTraffic((ulong)(packetsPerSecond + tunnel)) { Tunnel = TunnelKind.All[tunnel], IntervalNs = 1_000_000_000 / packetsPerSecond, IsFar = true });

        // Probes that the path lost before the capture: many have a packet of their size in the 4 ms in which they might have come, and nothing
        // tells it from those lost behind the capture.
        Assert.Multiple(() =>
        {
            Assert.That(score.RightShare, Is.GreaterThanOrEqualTo(Enough));
            Assert.That(score.WrongShare, Is.LessThan(0.015));
        });
    }

    [Test]
    public void Advance_EveryThirdStayOnTwoPaths_BothCopiesFound([Values(11UL, 12UL, 13UL)] ulong seed)
    {
        var score = Score(new TunnelTraffic(seed) { Tunnel = TunnelKind.All[(int)(seed % 7)], DuplicatingShare = 0.33 });

        Assert.Multiple(() =>
        {
            Assert.That(score.RightShare, Is.GreaterThanOrEqualTo(Enough));
            Assert.That(score.WrongShare, Is.LessThan(0.01));
        });
    }

    [Test]
    public void Advance_TwoPathsAndCapturesBehindJitter_DeliveredFound([Values(14UL, 15UL, 16UL)] ulong seed)
    {
        var traffic = new TunnelTraffic(seed) { Tunnel = TunnelKind.All[(int)(seed % 7)], DuplicatingShare = 0.33, IsFar = true };

        var score = Score(traffic, out var tally);

        // A path that the flow never had to itself is looked for now and then only.
        Assert.Multiple(() =>
        {
            Assert.That(tally.DeliveredFound, Is.GreaterThanOrEqualTo(Enough * tally.Delivered));
            Assert.That(score.RightShare, Is.GreaterThanOrEqualTo(0.85));
        });
    }

    [Test]
    public void Advance_DelayOfAllPathsMoves_Followed([Values(21UL, 22UL, 23UL)] ulong seed)
    {
        var score = Score(new TunnelTraffic(seed) { IsFar = true, DelayShiftNs = 40_000_000 });

        Assert.That(score.RightShare, Is.GreaterThanOrEqualTo(Enough));
    }

    [Test]
    public void Advance_ClocksDiffer_PassagesFound([Values(31UL, 32UL, 33UL)] ulong seed)
    {
        var score = Score(new TunnelTraffic(seed) { ClockBoundNs = 3_000_000 });

        Assert.That(score.RightShare, Is.GreaterThanOrEqualTo(Enough));
    }

    [Test]
    public void Advance_EachPacketOnTheNextPath_PassagesFound([Values(41UL, 42UL)] ulong seed)
    {
        var score = Score(new TunnelTraffic(seed) { Policy = i => 1u << (i % 3) });

        // A probe that is late may as well be on another path here: the latest in a hundred are not found.
        Assert.That(score.RightShare, Is.GreaterThanOrEqualTo(0.985));
    }

    [Test]
    public void Advance_AllSizesAlike_NothingClaimed()
    {
        var traffic = new TunnelTraffic(51) { IsCoded = false }.Generate();

        var (found, flow) = traffic.Match();

        Assert.Multiple(() =>
        {
            Assert.That(found, Is.All.EqualTo(0));
            Assert.That(flow.Tally.Alike, Is.EqualTo(traffic.Probes));

            // 10 s of traffic went by.
            Assert.That(flow.Carriers[0].Packets.Held, Is.LessThan(0.8 * traffic.PacketsOn(0)));
        });
    }

    [Test]
    public void Advance_LongFlow_HoldsAFewSeconds()
    {
        var traffic = new TunnelTraffic(52) { Probes = 40_000, CrossBitsPerSecond = 5e6 }.Generate();

        var (_, flow) = traffic.Match();

        // Blocks of 2 s, 1 s of outlook, 1 s of transit and another block until it is cleaned up, of 40 s.
        Assert.That(flow.Carriers.Take(3).Max(c => c.Packets.Held), Is.LessThan(0.35 * Enumerable.Range(0, 3).Max(traffic.PacketsOn)));
    }

    [Test]
    public void Advance_FlowInNoTunnel_NothingClaimed([Values(61UL, 62UL)] ulong seed)
    {
        var traffic = new TunnelTraffic(seed) { Policy = _ => 0 }.Generate();

        var (found, _) = traffic.Match();

        Assert.That(found.Count(f => f != 0), Is.Zero);
    }

    private static TunnelTraffic.Score Score(TunnelTraffic traffic) => Score(traffic, out _);

    private static TunnelTraffic.Score Score(TunnelTraffic traffic, out CodeTally tally)
    {
        var (found, flow) = traffic.Generate().Match();
        tally = flow.Tally;
        var score = traffic.Judge(found);
        TestContext.Out.WriteLine($"seed {traffic.Seed}: {traffic.Tunnel}, {1_000_000_000 / traffic.IntervalNs} packets/s, {traffic.Changes.Count} moves: {score}; delivered and found {flow.Tally.DeliveredFound} of {flow.Tally.Delivered}");
        return score;
    }
}
