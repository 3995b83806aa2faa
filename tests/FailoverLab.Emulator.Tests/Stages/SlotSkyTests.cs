using FailoverLab.Primitives;
using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

internal sealed class SlotSkyTests
{
    private static readonly SlotSchedule Sky = new()
    {
        Seed = 7,
        LevelLow = TimeSpan.FromMilliseconds(2),
        LevelHigh = TimeSpan.FromMilliseconds(20),
        StartSpike = TimeSpan.FromMilliseconds(100),
        StartSpikeFor = TimeSpan.FromMilliseconds(400),
        EndSpike = TimeSpan.FromMilliseconds(50),
        EndSpikeFor = TimeSpan.FromMilliseconds(200),
        HandoverLoss = new Ratio(0.5),
        HandoverLossFor = TimeSpan.FromMilliseconds(150),
    };

    [Test]
    public void StartNs_DefaultPhase_BoundariesAtTwelveTwentySevenFortyTwoFiftySeven()
    {
        var noon = DateTimeOffset.Parse("2026-03-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds() * SecondNs;
        var slot = SlotSky.SlotOf(Sky, noon);
        Assert.That(
            Enumerable.Range(1, 5).Select(i => (SlotSky.StartNs(Sky, slot + i) - noon) / SecondNs),
            Is.EqualTo(new long[] { 12, 27, 42, 57, 72 }));
        Assert.That(SlotSky.SlotOf(Sky, SlotSky.StartNs(Sky, slot)), Is.EqualTo(slot));
        Assert.That(SlotSky.SlotOf(Sky, SlotSky.StartNs(Sky, slot) - 1), Is.EqualTo(slot - 1));
        Assert.That(SlotSky.SlotOf(Sky, SlotSky.StartNs(Sky, -3)), Is.EqualTo(-3));
    }

    [Test]
    public void AdditionNs_OverASlot_IsSpikeThenLevelThenSpike()
    {
        var start = SlotSky.StartNs(Sky, 1000);
        var level = SlotSky.AdditionNs(Sky, start + (7 * SecondNs));
        Assert.That(level, Is.InRange(2 * MillisecondNs, 20 * MillisecondNs));
        Assert.That(SlotSky.AdditionNs(Sky, start) - level, Is.EqualTo(100 * MillisecondNs));
        Assert.That(SlotSky.AdditionNs(Sky, start + (200 * MillisecondNs)) - level, Is.EqualTo(50 * MillisecondNs));
        Assert.That(SlotSky.AdditionNs(Sky, start + (14_900 * MillisecondNs)) - level, Is.EqualTo(25 * MillisecondNs));
    }

    [Test]
    public void AdditionNs_ManySlots_LevelsAreUniformAndDifferBySeed()
    {
        var levels = Enumerable.Range(0, 4000).Select(s => SlotSky.AdditionNs(Sky, SlotSky.StartNs(Sky, s) + (7 * SecondNs)) / 1e6).ToList();
        Assert.That(levels.Average(), Is.EqualTo(11).Within(0.4));
        Assert.That(levels.Count(l => l < 6.5), Is.EqualTo(1000).Within(110));
        var other = Enumerable.Range(0, 100).Select(s => SlotSky.AdditionNs(Sky with { Seed = 8 }, SlotSky.StartNs(Sky, s) + (7 * SecondNs)) / 1e6);
        Assert.That(other, Is.Not.EqualTo(levels.Take(100)));
    }

    [Test]
    public void Enqueue_TwoLinksUnderOneSky_SameDelaysAndLossesAtTheSameTimesButNotTheSamePackets()
    {
        var link = new LinkImpairments { Delay = TimeSpan.FromMilliseconds(30), Slots = Sky, KeepsOrder = false };
        var (one, two) = (Fates(link, 60_000, seed: 1), Fates(link, 60_000, seed: 2));
        var lostOne = one.Where(f => f.End == PacketEnd.Slots).Select(f => f.Index).ToList();
        var lostTwo = two.Where(f => f.End == PacketEnd.Slots).Select(f => f.Index).ToList();
        Assert.That(lostOne, Is.Not.EqualTo(lostTwo));
        Assert.That(lostOne.Concat(lostTwo).Select(i => (i + 3000 + 150) % 15_000), Is.All.LessThan(300), "within 150 ms of a boundary at 12 s and every 15 s");
        Assert.That(lostOne, Has.Count.InRange(500, 700), "half of 4 boundaries' 300 ms");
        var delays = two.Where(f => f.End == PacketEnd.Passed).ToDictionary(f => f.Index, f => f.DueNs - f.ArrivalNs);
        Assert.That(one.Where(f => delays.ContainsKey(f.Index) && f.End == PacketEnd.Passed).Select(f => f.DueNs - f.ArrivalNs - delays[f.Index]), Is.All.Zero);
    }

    [Test]
    public void LossAt_ObstructedSlots_AllIsLostForTheTimeInTheShareOfSlots()
    {
        var sky = new SlotSchedule { Seed = 3, ObstructionShare = new Ratio(0.3), ObstructionFor = TimeSpan.FromSeconds(2) };
        var lostMs = Enumerable.Range(0, 500)
            .Select(slot => Enumerable.Range(0, 1500).Count(i => SlotSky.LossAt(sky, SlotSky.StartNs(sky, slot) + (i * 10 * MillisecondNs)) == 1) * 10)
            .ToList();
        Assert.That(lostMs, Is.All.AnyOf(0, 2000));
        Assert.That(lostMs.Count(ms => ms > 0), Is.EqualTo(150).Within(34));
    }
}
