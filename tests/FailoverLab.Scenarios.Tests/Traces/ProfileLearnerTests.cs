using System.Text;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Profiles learned from logs whose truth is known.</summary>
public sealed class ProfileLearnerTests
{
    private const ulong Seed = 20261121;

    private static List<RoundTrip> Trips(int count, Func<SeededRandom, bool, bool> isLost)
    {
        var random = new SeededRandom(Seed);
        var trips = new List<RoundTrip>();
        var lost = false;
        for (var i = 0; i < count; i++)
        {
            lost = isLost(random, lost);
            trips.Add(new RoundTrip(i * 10_000_000L, lost ? null : (long)(40e6 + (20e6 * random.NextDouble()))));
        }
        return trips;
    }

    [Test]
    public void Learn_SingleLosses_ShareAndQuantilesOfTheTruth()
    {
        var learned = ProfileLearner.Learn(Trips(20_000, (r, _) => r.NextDouble() < 0.04));
        Assert.Multiple(() =>
        {
            Assert.That(learned.Loss, Is.Null, $"seed {Seed}: no bursts where there are none");
            Assert.That(learned.LossShare.Low, Is.LessThan(0.04));
            Assert.That(learned.LossShare.High, Is.GreaterThan(0.04));
            Assert.That(learned.Delay.Quantiles[0].TotalMilliseconds, Is.EqualTo(20).Within(0.1));
            Assert.That(learned.Delay.Quantiles[10].TotalMilliseconds, Is.EqualTo(25).Within(0.3));
            Assert.That(learned.Delay.Quantiles[20].TotalMilliseconds, Is.EqualTo(30).Within(0.1));
            Assert.That(learned.MedianNs.Low, Is.LessThan(25_000_000));
            Assert.That(learned.MedianNs.High, Is.GreaterThan(25_000_000));
            Assert.That(learned.IntervalNs, Is.EqualTo(10_000_000));
        });
    }

    [Test]
    public void Learn_Bursts_GilbertElliottWithTheirLength()
    {
        var learned = ProfileLearner.Learn(Trips(50_000, (r, lost) => lost ? r.NextDouble() >= 0.25 : r.NextDouble() < 0.01));
        Assert.Multiple(() =>
        {
            Assert.That(learned.Loss, Is.Not.Null, $"seed {Seed}");
            Assert.That(learned.Loss!.ToGood.Value, Is.EqualTo(0.25).Within(0.03));
            Assert.That(learned.Loss!.ToBad.Value, Is.EqualTo(0.005).Within(0.0006), "each way has half of the bursts");
        });
    }

    [TestCase(0.0)]
    [TestCase(0.75)]
    public void Yaml_LearnedProfile_IsAProfile(double stay)
    {
        var learned = ProfileLearner.Learn(Trips(5_000, (r, lost) => lost ? r.NextDouble() < Math.Max(stay, 0.02) : r.NextDouble() < 0.02));
        var text = learned.Yaml("mine", "a \"log\": #1");
        var bag = new DiagnosticBag();
        var profile = new ProfileReader(bag).Read(YamlReader.Read(Encoding.UTF8.GetBytes(text), "mine.yaml", bag), "mine.yaml");
        Assert.That(bag.Sorted(), Is.Empty, text);
        Assert.That(profile!.Up.DelayModel, Is.TypeOf<TableDelayPlan>());
        Assert.That(profile.Up.LossModel is GilbertElliottPlan, Is.EqualTo(stay > 0.5));
        Assert.That(profile.Source, Does.Contain("5000 round trips, one every 10ms"));
    }

    [Test]
    public void Learn_FewTrips_Refused() => Assert.That(() => ProfileLearner.Learn(Trips(50, (_, _) => false)), Throws.ArgumentException);
}
