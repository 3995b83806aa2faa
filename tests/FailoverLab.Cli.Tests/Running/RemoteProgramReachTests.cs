using System.Net;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli.Tests.Running;

/// <summary>Whether our program can be put where steps need it is known before anything is started.</summary>
public sealed class RemoteProgramReachTests
{
    [TestCase(AgentUse.Auto, null, "/program", null, null)]
    [TestCase(AgentUse.Yes, "/proc/self/exe", null, null, null)]
    [TestCase(AgentUse.Auto, null, null, "beside its libraries", "agent_file")]
    [TestCase(AgentUse.No, "/proc/self/exe", "/program", "forbids it", "agent: no")]
    [TestCase(AgentUse.Auto, "/no/such/file", "/program", "'/no/such/file' is not there", "agent_file")]
    public void Check_HostThatTrafficNeeds_FaultWithItsCure(AgentUse agent, string? file, string? own, string? fault, string? cure)
    {
        var bag = new DiagnosticBag();
        var plan = Plan(new SshPlan { Agent = agent, AgentFile = file });

        RemoteProgramReach.Check(plan, bag, own);

        Assert.That(bag.Sorted().Select(d => d.Message), fault is null ? Is.Empty : Has.Exactly(1).Contains(fault));
        Assert.That(bag.Sorted().Select(d => d.Hint), cure is null ? Is.Empty : Has.Exactly(1).Contains(cure));
    }

    [Test]
    public void Hosts_OfAPlan_ThoseThatSendOrReceiveOverSsh() =>
        Assert.That(RemoteProgramReach.Hosts(Plan(SshPlan.Alias)), Is.EquivalentTo(new[] { "far" }));

    /// <summary>Traffic from a node of the embedded lab's kind to a host over ssh.</summary>
    private static RunPlan Plan(SshPlan ssh) => new()
    {
        Scenario = "x",
        Description = "",
        Duration = TimeSpan.FromSeconds(1),
        Seed = 1,
        Topology = null,
        Hosts = [new HostPlan("near", HostTransport.Netns, ""), new HostPlan("far", HostTransport.Ssh, "") { Ssh = ssh }, new HostPlan("idle", HostTransport.Ssh, "") { Ssh = new SshPlan { Agent = AgentUse.No } }],
        Steps = [Step("near", new TrafficStart([Flow])), Step("far", new StopStep(StopTarget.Traffic)), Step("idle", new RunCommand("true", TimeSpan.FromSeconds(1), new Dictionary<string, string>()))],
        Expectations = [],
    };

    private static FlowPlan Flow => new()
    {
        Id = 1,
        Name = "near>far/ipv4",
        From = "near",
        To = "far",
        Source = IPAddress.Parse("192.0.2.1"),
        Destination = IPAddress.Parse("192.0.2.2"),
        Port = 40_001,
        Interval = TimeSpan.FromMilliseconds(1),
        Size = 64,
    };

    private static StepPlan Step(string host, StepAction action) => new()
    {
        Name = $"{host}-step",
        Host = host,
        At = TimeSpan.Zero,
        Action = action,
        Command = "",
        Undo = "",
        Position = new SourcePosition("scenario.yaml", 1, 1),
    };
}
