namespace FailoverLab.Scenarios.Tests;

public sealed class TrafficSizeTests
{
    [Test]
    public void Load_CodedSize_EveryFlowOfTheStepIsCoded()
    {
        using var lab = new LabFiles(Scenario("size: coded"));
        var result = lab.Load();
        var flows = result.Plan!.Steps.Select(s => s.Action).OfType<TrafficStart>().SelectMany(t => t.Flows).ToList();
        Assert.That(flows, Has.Count.EqualTo(4));
        Assert.That(flows, Is.All.Matches<FlowPlan>(f => f is { IsSizeCoded: true, Size: 64 }));
        Assert.That(result.Plan.Steps.Single(s => s.Name.EndsWith("traffic-pc", StringComparison.Ordinal)).Command, Does.StartWith("send 64 to 304 B in code every 1ms to"));
        Assert.That(PlanJson.Read(PlanJson.Write(result.Plan)).Steps.Select(s => s.Action).OfType<TrafficStart>().First().Flows[0].IsSizeCoded);
    }

    [Test]
    public void Load_SizeInBytes_IsNotCodedAndSaysNothingOfIt()
    {
        using var lab = new LabFiles(Scenario("size: 200B"));
        Assert.That(PlanJson.Write(lab.Load().Plan!), Does.Contain("\"size\": 200").And.Not.Contain("isSizeCoded"));
    }

    [TestCase("Coded")]
    [TestCase("code")]
    [TestCase("coded B")]
    public void Load_AnotherWord_IsAFault(string word)
    {
        using var lab = new LabFiles(Scenario($"size: {word}"));
        Assert.That(lab.Faults(), Is.EqualTo(new[] { $"scenario.yaml:8:45: error FL1027: 'size' '{word}' is not a whole number of B in 32B..1400B" }));
    }

    private static string Scenario(string size) => LabFiles.SoundScenario.Replace("[pc, server]", $"[pc, server], {size}", StringComparison.Ordinal);
}
