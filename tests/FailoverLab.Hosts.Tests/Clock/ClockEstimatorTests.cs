namespace FailoverLab.Hosts.Tests;

/// <summary>The truth is known here: clocks are computed, ways are drawn from a seed.</summary>
public sealed class ClockEstimatorTests
{
    [Test]
    public void Estimate_JitterAsymmetryAndDrift_TruthIsAlwaysWithinTheBound([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        for (var run = 0; run < 50; run++)
        {
            var clock = new Truth(random);
            var samples = Enumerable.Range(0, random.Next(1, 80)).Select(i => clock.Exchange(1_000_000_000L + (i * 4_000_000L))).ToList();

            var estimate = ClockEstimator.Estimate(samples, clock.ResolutionNs);

            var truth = clock.OffsetAt(estimate.AtNs);
            Assert.That(estimate.IsConsistent, Is.True);
            Assert.That(truth, Is.InRange(estimate.LowNs, estimate.HighNs), $"run {run}");
            Assert.That(Math.Abs(truth - estimate.OffsetNs), Is.LessThanOrEqualTo(estimate.BoundNs));
        }
    }

    [Test]
    public void Of_TwoEstimates_TruthIsWithinTheBoundAllTheTimeBetween([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        var clock = new Truth(random);
        List<ClockEstimate> estimates = [.. new[] { 1_000_000_000L, 600_000_000_000L }.Select(at =>
            ClockEstimator.Estimate([.. Enumerable.Range(0, 32).Select(i => clock.Exchange(at + (i * 4_000_000L)))], clock.ResolutionNs))];

        var fit = ClockFit.Of(estimates[0], estimates[1]);

        Assert.That(fit.IsSteady, Is.True);
        for (var at = estimates[0].AtNs; at <= estimates[1].AtNs; at += 10_000_000_000)
        {
            Assert.That(Math.Abs(clock.OffsetAt(at) - fit.OffsetNs), Is.LessThanOrEqualTo(fit.BoundNs));
        }
    }

    [Test]
    public void Of_ClockSteppedBetween_IsNotSteady()
    {
        var before = new ClockEstimate(0, 0, -100_000, 100_000, 200_000, 64);

        Assert.That(ClockFit.Of(before, new ClockEstimate(10_000_000_000, 5_000_000, 4_900_000, 5_100_000, 200_000, 64)).IsSteady, Is.False);
        Assert.That(ClockFit.Of(before, new ClockEstimate(10_000_000_000, 600_000, 500_000, 700_000, 200_000, 64)).IsSteady, Is.True);
    }

    [Test]
    public void Estimate_ClockSteppedMeanwhile_Contradicts()
    {
        ClockSample[] samples = [new(0, 5_000_000, 5_000_000, 100_000), new(4_000_000, 4_050_000, 4_050_000, 4_100_000)];

        Assert.That(ClockEstimator.Estimate(samples, 1).IsConsistent, Is.False);
    }

    [Test]
    public void Estimate_OneFastExchangeAmongSlowOnes_Decides()
    {
        var samples = Enumerable.Range(1, 20).Select(i => new ClockSample(i * 10_000_000L, (i * 10_000_000L) + 7_000_000, (i * 10_000_000L) + 7_000_000, (i * 10_000_000L) + 9_000_000))
            .Append(new ClockSample(0, 2_000_050, 2_000_050, 100)).ToList();

        var estimate = ClockEstimator.Estimate(samples, 1);

        Assert.That(estimate.OffsetNs, Is.EqualTo(2_000_000).Within(1));
        Assert.That(estimate.BoundNs, Is.LessThan(60));
    }

    [Test]
    public void Estimate_TenMillisecondsOfJitterEachWay_IsNearerThanTheQuickestExchange()
    {
        var (errors, quickest) = (0L, 0L);
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var samples = new List<ClockSample>();
            for (var sent = 0L; samples.Count < 64; sent += 25_000_000)
            {
                var received = sent + 20_000 + random.Next(0, 10_000_000);
                samples.Add(new ClockSample(sent, received, received, received + 20_000 + random.Next(0, 10_000_000)));
            }

            errors += Math.Abs(ClockEstimator.Estimate(samples, 1).OffsetNs);
            quickest += Math.Abs(samples.MinBy(s => s.RoundTripNs).LowNs + samples.MinBy(s => s.RoundTripNs).HighNs) / 2;
        }

        TestContext.Out.WriteLine($"mean error {errors / 100_000} us; of the quickest exchange {quickest / 100_000} us");
        Assert.That(errors, Is.LessThan(quickest / 3));
    }

    [TestCase("", "", "no chrony")]
    [TestCase("A29FC801,ntp.example.net,3,1700000000.1,0.000012345,-0.1,0.2,-3.2,0,0,0,0,64,Normal\n", "KVM virtual PTP\n", "chrony follows ntp.example.net, stratum 3, 12 us off by its own account; the hypervisor's clock (ptp_kvm) can be read")]
    public void Words_OfTheKeeper_SayWhatIsThere(string tracking, string clocks, string words) =>
        Assert.That(ClockKeeper.Words(tracking, clocks), Is.EqualTo(words));

    /// <summary>A host's clock with an offset of up to hours, a rate of up to 50 ppm, steps of its reading, and ways with jitter and asymmetry.</summary>
    private sealed class Truth(Random random)
    {
        private readonly long _offset = random.NextInt64(-4L * 3_600_000_000_000, 4L * 3_600_000_000_000);
        private readonly double _rate = (random.NextDouble() - 0.5) * 100e-6;
        private readonly int _asymmetryUs = random.Next(0, 10_000);

        public long ResolutionNs { get; } = new long[] { 1, 1_000, 10_000_000 }[random.Next(3)];

        public long OffsetAt(long ns) => _offset + (long)(ns * _rate);

        public ClockSample Exchange(long atNs)
        {
            var there = 20_000 + random.Next(0, 5_000_000) + (_asymmetryUs * 1000L);
            var work = random.Next(0, 200_000);
            var back = 20_000 + random.Next(0, 5_000_000);
            return new ClockSample(atNs, Read(atNs + there), Read(atNs + there + work), atNs + there + work + back);
        }

        private long Read(long ns)
        {
            var exact = ns + OffsetAt(ns);
            return exact - (((exact % ResolutionNs) + ResolutionNs) % ResolutionNs);
        }
    }
}
