namespace FailoverLab.Analysis.Tests;

/// <summary>The truth is known here: clocks are computed, ways are drawn from a seed.</summary>
public sealed class PacketClockFitTests
{
    private const long Second = 1_000_000_000;
    private const double Most = PacketClockFit.MaxDrift;

    [Test]
    public void Of_WanderingClockJitterAndAsymmetry_TruthIsAlwaysWithin([Range(1, 60)] int seed)
    {
        var random = new Random(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        var clock = Wandering(random, Second * random.Next(1, 600));
        var (there, back, least) = Packets(random, clock);

        var fit = PacketClockFit.Of(there.Slices, back.Slices)!;

        Assert.That(fit.BrokenAtNs, Is.Null);
        Assert.That(clock[fit.AtNs], Is.InRange(fit.LowNs, fit.HighNs));
        Assert.That(fit.OffsetNs, Is.InRange(fit.LowNs, fit.HighNs));

        // It says something: as wide as the quickest ways there and back, and what the nearest packets are away and the clocks could part by meanwhile.
        Assert.That(fit.HighNs - fit.LowNs, Is.LessThan(least + (4 * Most * clock.LengthNs)));
    }

    [Test]
    public void Of_ConstantRate_RateIsWithinAndTheEstimateNearerThanTheInterval([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        var rate = ((2 * random.NextDouble()) - 1) * Most;
        var clock = new Truth(Second * random.Next(10, 600), t => rate * t);
        var (there, back, _) = Packets(random, clock);

        var fit = PacketClockFit.Of(there.Slices, back.Slices)!;

        Assert.That(clock[fit.AtNs], Is.InRange(fit.LowNs, fit.HighNs));
        Assert.That(fit.Drift, Is.Not.Null);
        Assert.That(rate, Is.InRange(fit.DriftLow - 1e-9, fit.DriftHigh + 1e-9));
        Assert.That(fit.Drift, Is.InRange(fit.DriftLow, fit.DriftHigh));
    }

    [Test]
    public void Of_FiftyPpmOverAQuietWay_RateAndOffsetAreTold()
    {
        var clock = new Truth(60 * Second, t => 50e-6 * t);
        var (there, back) = (new DelayFloor(0), new DelayFloor(0));
        for (var at = 0L; at < clock.LengthNs; at += Second / 100)
        {
            there.Add(at, 100_000 + clock[at]);
            back.Add(at, 100_000 - clock[at]);
        }

        var fit = PacketClockFit.Of(there.Slices, back.Slices)!;

        Assert.That(fit.Drift * 1e6, Is.EqualTo(50).Within(0.5));
        Assert.That(fit.OffsetNs, Is.EqualTo(clock[fit.AtNs]).Within(5_000));
        Assert.That(fit.HighNs - fit.LowNs, Is.LessThan(230_000));
    }

    [Test]
    public void Of_ClockSteppedMeanwhileAndBackAgain_ContradictsFromThenOn([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        var (from, step) = (Second * random.Next(20, 80), (random.Next(2) == 0 ? -1 : 1) * random.NextInt64(100_000_000, 3600 * Second));
        var clock = new Truth(120 * Second, t => t >= from && t < from + (30 * Second) ? step : 0);
        var (there, back, _) = Packets(random, clock, mostNs: 20_000_000, hasGap: false);

        var fit = PacketClockFit.Of(there.Slices, back.Slices)!;

        Assert.That(fit.BrokenAtNs, Is.InRange(from, from + (2 * Second)));
        Assert.That(fit.ExcessNs, Is.InRange(Math.Abs(step) - 100_000_000, Math.Abs(step)));
    }

    [Test]
    public void Of_OneDirectionAlone_TellsNothing()
    {
        var floor = new DelayFloor(0);
        floor.Add(5, 5);

        Assert.That(PacketClockFit.Of(floor.Slices, []), Is.Null);
        Assert.That(PacketClockFit.Of([], floor.Slices), Is.Null);
    }

    [Test]
    public void Of_InstantsAreOffByTheClocksOwnError_TruthIsWithinAllTheSame([Range(1, 20)] int seed)
    {
        // The stamps of a packet are of the very clock that is asked about: here it is up to 2 s off.
        var random = new Random(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        var clock = new Truth(60 * Second, t => (2 * Second) - 50_000_000 + (Most * t));
        var (there, back) = (new DelayFloor(0), new DelayFloor(0));
        for (var at = 0L; at < clock.LengthNs; at += Second / 20)
        {
            there.Add(at + clock[at], random.Next(1, 50) + clock[at]);
            back.Add(at, random.Next(1, 50) - clock[at]);
        }

        var fit = PacketClockFit.Of(there.Slices, back.Slices, 2 * Second)!;

        Assert.That(fit.BrokenAtNs, Is.Null);
        Assert.That(clock[fit.AtNs], Is.InRange(fit.LowNs, fit.HighNs));
        Assert.That(clock[fit.AtNs - (2 * Second)], Is.InRange(fit.LowNs, fit.HighNs), "the instant is on either clock");
    }

    [Test]
    public void Slices_LongRun_StayFewAndKeepTheLeast([Values(1, 7, 1000, 100_000)] long packetsASecond)
    {
        var (floor, random) = (new DelayFloor(1000), new Random(5));
        var least = new LeastDelay(0, long.MaxValue);
        for (var i = 0; i < 200_000; i++)
        {
            var delay = new LeastDelay(1000 + (i * Second / packetsASecond), random.Next());
            floor.Add(delay.AtNs, delay.Ns);
            if (delay.Ns < least.Ns) least = delay;
        }

        var slices = floor.Slices.ToList();
        Assert.That(floor.Packets, Is.EqualTo(200_000));
        Assert.That(slices, Has.Count.LessThanOrEqualTo(DelayFloor.MostSlices).And.Contains(least));
        Assert.That(slices.Select(s => s.AtNs), Is.Ordered);
        Assert.That(slices, Has.Count.GreaterThan(200_000 / packetsASecond > 205 ? DelayFloor.MostSlices / 2 : 9));
    }

    /// <summary>A rate that changes as it likes, up to the most.</summary>
    private static Truth Wandering(Random random, long lengthNs)
    {
        List<double> offsets = [(random.NextDouble() - 0.5) * Second];
        var (step, rate) = (lengthNs / 200.0, 0.0);
        for (var i = 0; i <= 201; i++)
        {
            rate = Math.Clamp(rate + ((random.NextDouble() - 0.5) * Most), -Most, Most);
            offsets.Add(offsets[^1] + (rate * step));
        }

        return new Truth(lengthNs, t => (int)(t / step) is var i ? offsets[i] + ((offsets[i + 1] - offsets[i]) * ((t / step) - i)) : 0);
    }

    /// <summary>Packets at random instants, each way with a least delay and queues of its own, some stretches of time without any.</summary>
    /// <returns>Both floors, and the sum of the least delays.</returns>
    private static (DelayFloor There, DelayFloor Back, long LeastNs) Packets(Random random, Truth clock, int mostNs = 80_000_000, bool hasGap = true)
    {
        var (there, back) = (new DelayFloor(0), new DelayFloor(0));
        long[] least = [random.Next(mostNs), random.Next(mostNs)];
        var seen = new[] { long.MaxValue, long.MaxValue };
        var dead = hasGap ? random.Next(3) : 0;
        for (var i = 0; i < 5000; i++)
        {
            var (at, way) = ((long)(random.NextDouble() * clock.LengthNs), random.Next(2));
            if (dead > 0 && at / (double)clock.LengthNs is > 0.3 and < 0.45 && way == dead - 1) continue;
            var delay = least[way] + (long)(-Math.Log(1 - random.NextDouble()) * mostNs / 40);
            seen[way] = Math.Min(seen[way], delay);
            (way == 0 ? there : back).Add(at, way == 0 ? delay + clock[at] : delay - clock[at]);
        }

        return (there, back, seen.Sum());
    }

    private sealed class Truth(long lengthNs, Func<long, double> offset)
    {
        public long LengthNs => lengthNs;

        public long this[long atNs] => (long)offset(Math.Clamp(atNs, 0, lengthNs));
    }
}
