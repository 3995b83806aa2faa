using FailoverLab.Primitives;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Profiles where other files name them.</summary>
public sealed class ProfileTests
{
    [TestCase("profile: wan")]
    [TestCase("profile: profiles/wan.yaml")]
    public void Read_DegradeByProfile_BothWaysGetWhatTheProfileSays(string text)
    {
        using var files = new LabFiles(LabFiles.SoundScenario.Replace("drop: true", text + ", loss: 2%", StringComparison.Ordinal));
        var steps = files.Load().Plan!.Steps.Select(s => s.Action).OfType<LinkChangeStep>().Where(s => !s.IsRestore).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(steps.Select(s => s.Direction), Is.EqualTo(new[] { LinkDirection.Up, LinkDirection.Down }));
            Assert.That(steps.Select(s => s.Change.Delay), Is.All.EqualTo(TimeSpan.FromMilliseconds(20)));
            Assert.That(steps.Select(s => s.Change.Loss), Is.All.EqualTo(new Ratio(0.02)));
            Assert.That(steps.Select(s => s.Change.Carrier), Is.All.Null);
            Assert.That(steps.Select(s => s.Change.Rate), Is.EqualTo(new[] { LinkChange.Unlimited, new DataRate(10_000_000) }));
        });
    }

    [Test]
    public void Read_TopologyNamesAProfile_LinkHasItAndRestoreReturnsToIt()
    {
        using var files = new LabFiles(topology: LabFiles.SoundTopology.Replace("{ delay: 5ms }", "wan", StringComparison.Ordinal));
        var plan = files.Load().Plan!;
        var link = plan.Topology!.WanLinks.Single();
        Assert.Multiple(() =>
        {
            Assert.That(link.Profile.Rate, Is.EqualTo(LinkChange.Unlimited));
            Assert.That(link.ProfileDown!.Rate, Is.EqualTo(new DataRate(10_000_000)));
            Assert.That(plan.Steps.Where(s => s.Action is LinkChangeStep { IsRestore: true }).Select(s => s.Name),
                Is.EqualTo(new[] { "04-restore-wan1-up", "04-restore-wan1-down", "04-restore-wan1-carrier" }));
        });
    }

    [Test]
    public void Read_FaultsInTheProfile_AllReportedInItsOwnFile()
    {
        using var files = new LabFiles(LabFiles.SoundScenario.Replace("drop: true", "profile: wan", StringComparison.Ordinal),
            profile: "version: 1\nname: wan\nboth: { loss: 150%, delay: -1ms }\nup: { rate: 0 }\n");
        Assert.That(files.Faults(), Is.EqualTo(new[]
        {
            "profiles/wan.yaml:1:1: error FL1021: the profile file lacks the key 'source'",
            "profiles/wan.yaml:3:15: error FL1025: 'loss' '150%' is not a share of 0% to 100% (write 15% or 0.5%)",
            "profiles/wan.yaml:3:28: error FL1025: 'delay' -1ms is out of range: 0s to 1m",
            "profiles/wan.yaml:4:13: error FL1025: 'rate' '0' would pass nothing: a rate is 1bit/s to 1000Gbit/s (write drop: true to stop every packet, rate: unlimited to take the limit away)",
        }));
    }

    [Test]
    public void Read_ProfileUnknown_NearestNamed()
    {
        using var files = new LabFiles(LabFiles.SoundScenario.Replace("drop: true", "profile: wam", StringComparison.Ordinal));
        Assert.That(files.Faults(), Is.EqualTo(new[] { "scenario.yaml:10:37: error FL1403: there is no profile 'wam'; known: wan (did you mean 'wan'?)" }));
    }

    private static IEnumerable<string> Shipped() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, ProfileLoader.DefaultDirectory), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Shipped))]
    public void Load_ShippedProfile_SoundAndNamesItsSource(string name)
    {
        var bag = new DiagnosticBag();
        var path = Path.Combine(Repository.Root, ProfileLoader.DefaultDirectory, name + ".yaml");
        var profile = ProfileLoader.Load(path, bag);
        Assert.Multiple(() =>
        {
            Assert.That(bag.Sorted(), Is.Empty);
            Assert.That(profile!.Source, Has.Length.GreaterThan(40));
            Assert.That(profile.Description, Is.Not.Empty);
            Assert.That(ProfileLoader.IsProfile(path));
        });
    }

    [Test]
    public void Shipped_Profiles_ThoseOfTheLabAndOfCommonLinks() => Assert.That(Shipped(), Is.SupersetOf(new[]
    {
        "good", "drop_100", "drop_15", "drop_5th", "delay_150", "jitter_50_150", "jitter_80", "byu-ethernet", "lte", "dsl", "geo", "starlink",
    }));

    [Test]
    public void Load_QueueNotNamed_HoldsTheDelay()
    {
        using var files = new LabFiles(profile: "version: 1\nname: wan\nsource: x\nboth: { delay: 300ms }\n");
        var bag = new DiagnosticBag();
        var profile = ProfileLoader.Load(files["profiles/wan.yaml"], bag);
        Assert.That(bag.Sorted(), Is.Empty);
        Assert.That(profile!.Up.Queue!.Time, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
    }
}
