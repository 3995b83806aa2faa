using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Analysis.Tests;

/// <summary>Links that do as they were asked earn no caveat; links that lose, delay or limit otherwise do, for that figure and no other.</summary>
public sealed class LinkAuditTests
{
    private const long Ms = SyntheticLab.Ms;
    private const ulong Seed = 20261121;

    /// <summary>20 ms, no loss, both ways, over the whole run.</summary>
    private static LinkAsked Asked(bool isUp, long fromNs = 0, long toNs = 4_000 * Ms) => new()
    {
        Path = "starlink-1",
        IsUp = isUp,
        FromNs = SyntheticLab.T0 + fromNs,
        ToNs = SyntheticLab.T0 + toNs,
        Words = "delay 20ms",
        Loss = new AskedRange(0, 0),
        DelayMinNs = new AskedRange(20 * Ms, 20 * Ms),
        DelayMedianNs = new AskedRange(20 * Ms, 20 * Ms),
        DelayP99Ns = new AskedRange(20 * Ms, 20 * Ms),
    };

    private static RunResult Run(SyntheticLab lab, params LinkAsked[] asked) =>
        lab.Send(SyntheticLab.Up, 0, 5_000 * Ms).Send(SyntheticLab.Down, 0, 5_000 * Ms)
            .Analyze(SyntheticLab.Context(SyntheticLab.Up, SyntheticLab.Down) with { Links = asked });

    private static IReadOnlyList<string> Mismatches(RunResult result) =>
        [.. result.Caveats.Where(c => c.Code == "link-not-as-asked").Select(c => c.Text)];

    [Test]
    public void Analyze_LinkAsAsked_NoCaveatAndFiguresBothWays()
    {
        var result = Run(new SyntheticLab(), Asked(true), Asked(false));
        Assert.Multiple(() =>
        {
            Assert.That(Mismatches(result), Is.Empty);
            Assert.That(result.Links!.Select(l => (l.Direction, l.Packets, l.Lost, l.Verdict)), Is.EqualTo(new[] { ("up", 4000L, 0L, Verdict.Pass), ("down", 4000L, 0L, Verdict.Pass) }));
            Assert.That(result.Links!.Select(l => l.DelayMedianNs!.Applied.ValueNs), Is.All.EqualTo(20 * Ms));
            Assert.That(result.Links![0].Loss!.Applied.High, Is.EqualTo(0.00092).Within(0.0001), "3.7 in 4,000 at 97.5 %");
        });
    }

    [Test]
    public void Analyze_NothingAsked_NoAudit() => Assert.That(Run(new SyntheticLab()).Links, Is.Null);

    [TestCase(0.15, false)]
    [TestCase(0.15, true)]
    public void Analyze_LossAskedOf15Percent_CaveatOnlyForAnotherShare(double asked, bool wrong)
    {
        var random = new SeededRandom(Seed);
        var lab = new SyntheticLab { Survives = (_, _, _) => random.NextDouble() >= (wrong ? 0.10 : asked) };
        var result = Run(lab, Asked(true) with { Loss = new AskedRange(asked, asked) });
        Assert.Multiple(() =>
        {
            Assert.That(Mismatches(result), Has.Count.EqualTo(wrong ? 1 : 0), $"seed {Seed}");
            Assert.That(result.Links!.Single().Loss!.Verdict, Is.EqualTo(wrong ? Verdict.Fail : Verdict.Pass));
        });
    }

    [Test]
    public void Analyze_OnePacketLostOfNone_CaveatSaysHowMuch()
    {
        var lab = new SyntheticLab { Survives = (flow, _, at) => flow != 1 || at is < 1_000_000_000 or >= 1_001_000_000 };
        var result = Run(lab, Asked(true), Asked(false));
        Assert.That(Mismatches(result), Is.EqualTo(new[] { "starlink-1 up was asked: delay 20ms; loss 0.025 % (0.001 % to 0.139 %) in place of 0 %." }));
    }

    /// <summary>A delay of another length, early or late, and one that only its tail betrays.</summary>
    [TestCase(0, 0, "")]
    [TestCase(900_000, 0, "least delay")]
    [TestCase(5_000_000, 0, "least delay,median delay")]
    [TestCase(-1_000_000, 0, "least delay,median delay,99th percentile")]
    [TestCase(0, 5, "99th percentile")]
    public void Analyze_DelayOff_CaveatNamesTheFigure(long extraNs, int slowPercent, string figures)
    {
        var random = new SeededRandom(Seed);
        var lab = new SyntheticLab { ExtraDelay = (_, _) => extraNs + (random.Next(100) < slowPercent ? 30 * Ms : 0) };
        var texts = Mismatches(Run(lab, Asked(true)));
        Assert.That(texts, Has.Count.EqualTo(figures.Length == 0 ? 0 : 1), $"seed {Seed}");
        foreach (var figure in figures.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.That(texts[0], Does.Contain(figure + (figure.StartsWith("99", StringComparison.Ordinal) ? " of delay " : " ")));
        }
    }

    [Test]
    public void Analyze_DelayChangesWithTheStretch_EachStretchByItself()
    {
        var lab = new SyntheticLab { ExtraDelay = (_, at) => at >= 2_000 * Ms ? 130 * Ms : 0 };
        var slow = new AskedRange(150 * Ms, 150 * Ms);
        var result = Run(lab, Asked(true, 0, 2_000 * Ms), Asked(true, 2_000 * Ms) with { DelayMinNs = slow, DelayMedianNs = slow, DelayP99Ns = slow });
        Assert.Multiple(() =>
        {
            Assert.That(Mismatches(result), Is.Empty);
            Assert.That(result.Links!.Select(l => l.DelayMedianNs!.Applied.ValueNs), Is.EqualTo(new[] { 20 * Ms, 150 * Ms }));
            Assert.That(result.Links!.Select(l => l.Packets), Is.EqualTo(new[] { 2000L, 2000L }));
        });
    }

    /// <summary>A thousand packets a second of some 100 bytes are 0.8 Mbit/s: above that limit they cannot have been let through, below it nothing is said.</summary>
    [TestCase(400_000, true)]
    [TestCase(10_000_000, false)]
    public void Analyze_RateAsked_CaveatWhenMoreCameThrough(long limit, bool tooFast)
    {
        var result = Run(new SyntheticLab(), Asked(true) with { RateBitsPerSecond = limit, QueueNs = 100 * Ms });
        Assert.Multiple(() =>
        {
            Assert.That(result.Links!.Single().RateBitsPerSecond!.Verdict, Is.EqualTo(tooFast ? Verdict.Fail : Verdict.Pass));
            Assert.That(Mismatches(result).Count(t => t.Contains("rate ", StringComparison.Ordinal)), Is.EqualTo(tooFast ? 1 : 0));
        });
    }

    /// <summary>Limited to a third of what was asked, while more is offered than that.</summary>
    [Test]
    public void Analyze_RateFarBelowTheLimitAsked_Caveat()
    {
        var lab = new SyntheticLab { Survives = (_, _, at) => at / Ms % 10 == 0 };
        var offered = Run(new SyntheticLab(), Asked(true)).Links!.Single().RateBitsPerSecond!.Offered;
        var result = Run(lab, Asked(true) with { RateBitsPerSecond = offered * 9 / 10, QueueNs = 100 * Ms });
        Assert.That(Mismatches(result), Has.Count.EqualTo(1).And.One.Matches(@"rate \S+ \(\S+ to \S+\) in place of "));
    }

    /// <summary>
    /// A packet each millisecond is one rate however long it is looked at; of few packets all bits over the time between the first and the last would be
    /// more than that: of 25 by 4 %.
    /// </summary>
    [TestCase(25)]
    [TestCase(400)]
    [TestCase(4000)]
    public void Analyze_AtTheLimitExactly_IntervalHoldsItAndIsOnePacketWide(int packets)
    {
        var limit = Run(new SyntheticLab(), Asked(true)).Links!.Single().RateBitsPerSecond!.Offered;
        var asked = Asked(true) with { RateBitsPerSecond = limit, QueueNs = 100 * Ms };
        var rate = new SyntheticLab().Send(SyntheticLab.Up, 0, packets * Ms).Analyze(SyntheticLab.Context(SyntheticLab.Up) with { Links = [asked] }).Links!.Single().RateBitsPerSecond!;
        Assert.Multiple(() =>
        {
            Assert.That(rate.Verdict, Is.EqualTo(Verdict.Pass));
            Assert.That(rate.Applied, Is.EqualTo(limit).Within(1));
            Assert.That(limit, Is.InRange(rate.AppliedLow!.Value, rate.AppliedHigh!.Value));
            // A packet, and a stamp that is late by half a millisecond at either end.
            Assert.That(rate.AppliedHigh - rate.AppliedLow, Is.LessThanOrEqualTo(limit * 2.2 / (packets - 1.5)));
        });
    }

    /// <summary>The verdict of a sound link must not hang on chance: many runs of chance, none of them a false alarm.</summary>
    [Test]
    public void Analyze_ManySoundLinks_NoFalseAlarm()
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var random = new SeededRandom(seed);
            var lab = new SyntheticLab { Survives = (_, _, _) => random.NextDouble() >= 0.02, ExtraDelay = (_, _) => (long)(random.NextDouble() * 8 * Ms) };
            var asked = Asked(true) with
            {
                Loss = new AskedRange(0.02, 0.02),
                DelayMinNs = new AskedRange(20 * Ms, 20.2 * Ms),
                DelayMedianNs = new AskedRange(23.96 * Ms, 24.04 * Ms),
                DelayP99Ns = new AskedRange(27.88 * Ms, 27.96 * Ms),
            };
            Assert.That(Mismatches(Run(lab, asked, asked with { IsUp = false })), Is.Empty, $"seed {seed}");
        }
    }
}
