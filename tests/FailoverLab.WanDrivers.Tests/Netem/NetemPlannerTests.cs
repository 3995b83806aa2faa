using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers.Tests;

public class NetemPlannerTests
{
    [Test]
    public void Limit_WithoutARate_HoldsAGigabitOfSmallPackets()
    {
        var limit = NetemLimit.Of(TimeSpan.FromMilliseconds(150), LinkChange.Unlimited, null);

        Assert.That(limit, Is.GreaterThanOrEqualTo(1_488_096 * 0.150));
    }

    [TestCase(60)]
    [TestCase(1514)]
    public void Limit_OfARate_NeverLosesWhatTheRateLetsIn(int frame)
    {
        foreach (var (mbit, ms) in new[] { (1, 600), (20, 50), (100, 5), (1000, 150) })
        {
            var limit = NetemLimit.Of(TimeSpan.FromMilliseconds(ms), new DataRate(mbit * 1_000_000L), QueuePlan.Default);

            Assert.That(limit, Is.GreaterThanOrEqualTo(mbit * 1e6 / 8 / frame * ms / 1e3), $"{mbit} Mbit/s, {ms} ms");
        }
    }

    [Test]
    public void Limit_WithAQueueAskedFor_IsThatQueueBehindTheDelayInFullFrames()
    {
        var limit = NetemLimit.Of(TimeSpan.FromMilliseconds(50), new DataRate(20_000_000), new QueuePlan { Packets = 40 });

        // 20 Mbit/s for 50 ms are 125,000 bytes, 82.6 frames.
        Assert.That(limit, Is.EqualTo(123));
    }

    [Test]
    public void Plan_Jitter_KeepsOrderByARateThatIsNone()
    {
        var change = new LinkChange { Delay = TimeSpan.FromMilliseconds(50), Jitter = TimeSpan.FromMilliseconds(10) };
        var kept = Plan(change);
        var free = Plan(change with { Overtake = true });

        Assert.That((kept.DelayUs, kept.SpreadUs, kept.Rate, kept.PlanRate), Is.EqualTo((55_000L, 5_000L, NetemSettings.OrderRate, LinkChange.Unlimited)));
        Assert.That(free.Rate, Is.Zero);
        Assert.That(Plan(new LinkChange { Delay = TimeSpan.FromMilliseconds(50) }).Rate, Is.Zero, "a fixed delay keeps order by itself");
    }

    [Test]
    public void Arguments_OfNothing_TellEveryValueThatAChangeWouldKeep()
    {
        var words = string.Join(' ', NetemArguments.Of(Plan(LinkChange.Good), null));

        Assert.That(words, Is.EqualTo("netem limit 1000 loss random 0% duplicate 0% corrupt 0% rate 0bit reorder 0%"));
    }

    [Test]
    public void Arguments_OfEverything_AreSpeltAsTcReadsThem()
    {
        var change = new LinkChange
        {
            Delay = TimeSpan.FromMilliseconds(1.5),
            LossModel = new GilbertElliottPlan(new(0.01), new(0.1), new(0.7), new(0.001)),
            Duplicate = new(0.5),
            Corrupt = new(1e-6),
            Reorder = new(0.25),
        };
        var settings = Plan(change) with { Seed = ulong.MaxValue };

        Assert.That(string.Join(' ', NetemArguments.Of(settings, null)),
            Does.EndWith("delay 1500us loss gemodel 1% 10% 70% 0.1% duplicate 50% corrupt 0.0001% rate 0bit reorder 25% gap 1 seed 18446744073709551615"));
    }

    [Test]
    public void CannotDo_WhatNetemLacks_NamesADriverThatCanOrTheEmulator()
    {
        var rate = new DataRate(1_000_000);
        LinkChange[] impossible =
        [
            new() { Carrier = false }, new() { LossModel = new EveryNthLossPlan(5) }, new() { LossModel = new BurstLossPlan(new(0.1), 3) }, new() { Mtu = 1400 },
            new() { Trace = new TracePlan("/x", TraceClock.Start) }, new() { Queue = new() { Packets = 5, Drop = QueueDrop.Codel } },
            new() { Overtake = true, Rate = rate }, new() { Reorder = new(0.1), Rate = rate }, new() { Jitter = TimeSpan.FromSeconds(10) },
        ];

        foreach (var change in impossible)
        {
            Assert.That(NetemPlanner.CannotDo(change), Has.Count.EqualTo(1).And.All.Matches("driver '|only the emulator"), change.ToString());
        }

        Assert.That(NetemPlanner.CannotDo(LinkChange.Good), Is.Empty);
    }

    [Test]
    public void Table_OfADistribution_GivesItsQuantilesBack()
    {
        DelayPlan[] models =
        [
            new UniformDelayPlan(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(30)),
            new NormalDelayPlan(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(5)),
            new ParetoDelayPlan(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(5), 3),
            new TableDelayPlan([TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(9)]),
        ];
        foreach (var model in models)
        {
            var (table, middle, spread) = DelayTable.Of(model);
            var draws = table.Text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(t => middle + (spread * (double)int.Parse(t) / 8192)).ToList();

            Assert.That(draws.Average(), Is.EqualTo(model.Mean.TotalMicroseconds).Within(1).Percent, model.ToString());
            foreach (var share in (double[])[0.1, 0.5, 0.9, 0.99])
            {
                Assert.That(draws[(int)(share * draws.Count)], Is.EqualTo(DelayQuantiles.Microseconds(model, share)).Within(1).Percent, $"{model} at {share}");
            }
        }
    }

    [Test]
    public void Quantiles_OfTheNormalDistribution_AreTheKnownOnes()
    {
        var model = new NormalDelayPlan(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(10));

        Assert.That(DelayQuantiles.Microseconds(model, 0.5), Is.EqualTo(100_000).Within(1));
        Assert.That(DelayQuantiles.Microseconds(model, 0.975), Is.EqualTo(119_599.6).Within(5));
        Assert.That(DelayQuantiles.Microseconds(model, 0.001), Is.EqualTo(69_097.7).Within(5));
    }

    private static NetemSettings Plan(LinkChange change) => NetemPlanner.Plan(LinkChange.Good.With(change), seed: null, isTabled: false);
}
