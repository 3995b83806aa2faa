namespace FailoverLab.Scenarios.Tests;

/// <summary>The scenarios in the repository.</summary>
public sealed class ShippedScenarioTests
{
    [TestCaseSource(typeof(Repository), nameof(Repository.ScenarioNames))]
    public void Load_ShippedScenario_PlanWithoutAnyFault(string name)
    {
        var result = ScenarioLoader.Load(Repository.Scenario(name), Repository.Hosts, new ScenarioOverrides());
        Assert.That(result.Diagnostics, Is.Empty);
        Assert.That(result.Plan!.Scenario, Is.EqualTo(name));
    }

    /// <summary>The seed's test in our form, on the seed's lab of real hosts.</summary>
    [Test]
    public void Load_SeedLabTestAll_PlanOfRealHosts()
    {
        var result = ScenarioLoader.Load(Path.Combine(Repository.Root, "lab", "seed-lab.test-all.yaml"), Path.Combine(Repository.Root, "lab", "seed-lab.hosts.yaml"), new ScenarioOverrides());
        Assert.That(result.Diagnostics, Is.Empty);
        var plan = result.Plan!;
        var points = plan.Steps.Where(s => s.Action is CaptureStart).SelectMany(s => ((CaptureStart)s.Action).Interfaces.Select(i => $"{s.Host}.{i}"));
        Assert.Multiple(() =>
        {
            Assert.That(points, Is.EquivalentTo(new[] { "pve.enp1s0f2", "pve.enp1s0f3", "pve.enp2s0f2", "pve.enp2s0f3", "pve.enp2s0f0", "pve.enp2s0f1", "juulink-edge-1.eth0", "juulink-slu-one.eth0" }));
            Assert.That(plan.Steps.Where(s => s.Action is LinkChangeStep { IsRestore: false }).Select(s => (s.At.TotalMinutes, plan.Links.Single(l => l.Name == ((LinkChangeStep)s.Action).Link).VmId)),
                Is.EqualTo(new[] { (1d, (int?)103), (2d, 102), (3d, 101) }));
            Assert.That(plan.Steps.Count(s => s.Action is LinkChangeStep { IsRestore: true } && s.At == TimeSpan.FromMinutes(4)), Is.EqualTo(3));
            Assert.That(plan.Steps.Select(s => s.Host).Distinct(), Has.All.Matches<string>(h => plan.Hosts.Single(p => p.Name == h).Transport == HostTransport.Ssh));
        });
    }

    [Test]
    public void Load_StarlinkDrop_StepsAndFlowsAsWritten()
    {
        var plan = ScenarioLoader.Load(Repository.Scenario("starlink-drop"), Repository.Hosts, new ScenarioOverrides { Seed = 7 }).Plan!;
        var drop = plan.Steps.Single(s => s.Name == "04-degrade-starlink-1");
        var flows = plan.Steps.Select(s => s.Action).OfType<TrafficStart>().SelectMany(t => t.Flows).ToList();
        var points = plan.Steps.Where(s => s.Action is CaptureStart).SelectMany(s => ((CaptureStart)s.Action).Interfaces.Select(i => $"{s.Host}.{i}")).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(plan.Seed, Is.EqualTo(7));
            Assert.That(drop.Host, Is.EqualTo("wan-103"));
            Assert.That(drop.At, Is.EqualTo(TimeSpan.FromSeconds(4)));
            Assert.That(drop.Action, Is.EqualTo(new LinkChangeStep("starlink-1", LinkDirection.Both, new LinkChange { Drop = true }, false)));
            Assert.That(flows.Select(f => f.Name), Is.EqualTo(new[] { "traffic>business/ipv4", "traffic>business/ipv6", "business>traffic/ipv4", "business>traffic/ipv6" }));
            Assert.That(flows.Select(f => f.Destination.ToString()), Is.EqualTo(new[] { "198.51.100.10", "2001:db8:300::10", "192.0.2.2", "2001:db8:1::2" }));
            Assert.That(flows.Select(f => f.Port), Is.Unique);
            Assert.That(points, Has.Count.EqualTo(21).And.Contains("traffic.lan").And.Contains("endpoint.sl1").And.Contains("hub.sl1").And.Contains("business.core0"));
            Assert.That(plan.Topology!.WanLinks.Single(l => l.Name == "starlink-1").Profile.Jitter, Is.EqualTo(TimeSpan.FromMilliseconds(2)));
            Assert.That(plan.Steps.Where(s => s.Action is StackStart).Select(s => s.Host), Is.EqualTo(new[] { "balancer", "controller", "router-1", "router-2", "endpoint" }));
        });
    }
}
