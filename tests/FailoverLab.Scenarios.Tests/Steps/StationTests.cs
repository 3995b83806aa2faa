namespace FailoverLab.Scenarios.Tests;

/// <summary>Traffic and the stack on hosts over ssh that say what they have of a node.</summary>
public sealed class StationTests
{
    private const string Hosts = """
        version: 1
        hosts:
          pc: { role: traffic, interfaces: { eth1: [10.1.2.3/24, "2001:db8:1::2/64"], eth2: } }
          gate: { role: router, interfaces: { wan: 203.0.113.1/28 }, stack: { program: router, config: hosts.yaml } }
          server: { interfaces: { core0: [198.51.100.10/24] } }
          plain: { user: root }
        links:
          one: { driver: nft, host: plain, lan: left, wan: right }
        """;

    [Test]
    public void Load_TrafficBetweenHosts_FlowsOfTheirAddresses()
    {
        using var files = new LabFiles(Scenario("traffic: { between: [pc, server], families: ipv4, directions: forward }"), Hosts);
        var result = files.Load();
        Assert.That(result.Diagnostics, Is.Empty);
        var step = result.Plan!.Steps.Single();
        var flow = ((TrafficStart)step.Action).Flows.Single();
        Assert.Multiple(() =>
        {
            Assert.That((step.Host, flow.From, flow.To), Is.EqualTo(("pc", "pc", "server")));
            Assert.That((flow.Source.ToString(), flow.Destination.ToString()), Is.EqualTo(("10.1.2.3", "198.51.100.10")));
            Assert.That(result.Plan.Hosts.Select(h => h.Name), Is.EquivalentTo(new[] { "pc", "server" }), "one that only receives takes part");
            Assert.That(PlanJson.Write(PlanJson.Read(PlanJson.Write(result.Plan))), Is.EqualTo(PlanJson.Write(result.Plan)));
        });
    }

    [Test]
    public void Load_StackStart_RunsOnHostsThatHaveOne()
    {
        using var files = new LabFiles(Scenario("stack: start") + "  - { at: 2s, kill: gate }\n  - { at: 3s, stop: stack }\n", Hosts);
        var plan = files.Load().Plan!;
        Assert.That(plan.Steps.Select(s => (s.Host, s.Action)), Is.EqualTo(new (string, StepAction)[]
        {
            ("gate", new StackStart("router", files["hosts.yaml"])), ("gate", new StackKill("KILL")), ("gate", new StopStep(StopTarget.Stack)),
        }));
    }

    [Test]
    public void Load_CaptureAll_TapsLinksAndTheInterfacesOfHosts()
    {
        using var files = new LabFiles(Scenario("capture: all"), Hosts);
        var captures = files.Load().Plan!.Steps.SelectMany(s => ((CaptureStart)s.Action).Interfaces.Select(i => $"{s.Host}.{i}"));
        Assert.That(captures, Is.EquivalentTo(new[] { "plain.left", "plain.right", "pc.eth1", "pc.eth2", "gate.wan", "server.core0" }));
    }

    [TestCase("pc, server", "pc, plain", "plain", "give it 'interfaces'")]
    [TestCase("ipv4", "ipv6", "no IPv6 address", "or in the hosts file")]
    public void Load_TrafficThatHasNoEnd_RefusedWithItsCure(string find, string put, string says, string cure)
    {
        using var files = new LabFiles(Scenario("traffic: { between: [pc, server], families: ipv4 }".Replace(find, put, StringComparison.Ordinal)), Hosts);
        var fault = files.Load().Diagnostics[0];
        Assert.That(fault.Message, Does.Contain(says));
        Assert.That(fault.Hint, Does.Contain(cure));
    }

    [TestCase("10.1.2.3/24", "10.1.2.3", "address with prefix length")]
    [TestCase("config: hosts.yaml", "config: none.yaml", "is not there")]
    [TestCase("program: router", "program: rooter", "rooter")]
    [TestCase("plain: { user: root }", "plain: { transport: local, interfaces: { lo: } }", "are for hosts over ssh")]
    public void Load_WrongStation_ErrorAtItsPlace(string find, string put, string says)
    {
        using var files = new LabFiles(Scenario("stack: start"), Hosts.Replace(find, put, StringComparison.Ordinal));
        Assert.That(files.Faults()[0], Does.StartWith("hosts.yaml:").And.Contain(says));
    }

    [Test]
    public void Load_OneEndInTheEmbeddedLab_Refused()
    {
        var hosts = LabFiles.SoundHosts.Replace("  far:", "  far: { interfaces: { eth0: [203.0.113.99/28] } }", StringComparison.Ordinal);
        using var files = new LabFiles(LabFiles.SoundScenario.Replace("[pc, server]", "[pc, far]", StringComparison.Ordinal), hosts);
        Assert.That(files.Faults()[0], Does.Contain("nothing connects them"));
    }

    private static string Scenario(string step) => $"""
        version: 1
        name: real
        duration: 10s
        steps:
          - {Braced($"at: 1s, {step}")}

        """;

    private static string Braced(string text) => "{ " + text + " }";
}
