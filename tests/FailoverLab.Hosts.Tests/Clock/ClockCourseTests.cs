namespace FailoverLab.Hosts.Tests;

/// <summary>The truth is known here: a clock that drifts, estimated before and after a run.</summary>
public sealed class ClockCourseTests
{
    private const long Minute = 60_000_000_000;

    [Test]
    public void At_ClockDrifts_TruthIsWithinTheBoundAtEveryInstant([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        var (offset, rate) = (random.NextInt64(-4L * 60 * Minute, 4L * 60 * Minute), (random.NextDouble() - 0.5) * 2 * ClockEstimator.MaxDrift);
        long Truth(long atNs) => offset + (long)(atNs * rate);
        ClockEstimate Estimate(long atNs)
        {
            var (below, above) = (random.Next(1, 200_000), random.Next(1, 200_000));
            var (low, high) = (Truth(atNs) - below, Truth(atNs) + above);
            return new ClockEstimate(atNs, (low + high) / 2, low, high, high - low, 64);
        }

        var before = Estimate(Minute);
        var during = new ClockCourse(before, null);
        var known = new ClockCourse(before, Estimate(11 * Minute));
        for (var at = Minute; at <= 11 * Minute; at += Minute / 4)
        {
            foreach (var (offsetNs, boundNs) in new[] { during.At(at), known.At(at) })
            {
                Assert.That(Math.Abs(Truth(at) - offsetNs), Is.LessThanOrEqualTo(boundNs + 2), $"{at / 1e9} s, rate {rate * 1e6} ppm");
            }
        }
    }

    [Test]
    public void At_FiftyPpmForTenMinutes_NeitherEndIsTakenForTheMiddle()
    {
        ClockEstimate Exact(long atNs) => new(atNs, atNs / 20_000, (atNs / 20_000) - 100_000, (atNs / 20_000) + 100_000, 200_000, 64);
        var course = new ClockCourse(Exact(0), Exact(10 * Minute));

        // 30 ms are gained: what was reported by the offset before the run is off by that at its end.
        Assert.That(course.At(10 * Minute).OffsetNs, Is.EqualTo(30_000_000));
        Assert.That(course.At(5 * Minute).OffsetNs, Is.EqualTo(15_000_000));
        Assert.That(course.At(10_000_000_000).BoundNs, Is.LessThan(2_000_000), "near an estimate little can have happened");
        Assert.That(new ClockCourse(Exact(0), null).At(10 * Minute).BoundNs, Is.EqualTo(60_100_000).Within(1), "of one estimate the bound grows");
    }

    [Test]
    public void At_ClockWasStepped_BoundIsAllThatBothAllow()
    {
        var course = new ClockCourse(new ClockEstimate(0, 0, -100, 100, 200, 64), new ClockEstimate(Minute, 1_000_000_000, 999_999_900, 1_000_000_100, 200, 64));

        var (offset, bound) = course.At(Minute / 2);

        Assert.That((offset - bound, offset + bound), Is.EqualTo((-100L, 1_000_000_100L)));
    }
}
