using FailoverLab.Packets;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab.Tests;

public sealed class CodedTrafficTests
{
    /// <summary>The scenario's words and the code itself live in projects that do not know each other.</summary>
    [Test]
    public void Plan_CodedTraffic_SpeaksOfTheSizesThatAreSent()
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(directory, "topology.yaml"), """
                version: 1
                nodes:
                  pc: { role: traffic, interfaces: { eth0: [192.0.2.2/28] } }
                  server: { role: business, interfaces: { eth0: [192.0.2.3/28] } }
                cables: [[pc.eth0, server.eth0]]
                """);
            File.WriteAllText(Path.Combine(directory, "hosts.yaml"), "version: 1\nlab: topology.yaml\nhosts: { pc: { transport: netns } }\n");
            File.WriteAllText(Path.Combine(directory, "scenario.yaml"), """
                version: 1
                name: coded
                duration: 2s
                steps:
                  - { at: 0s, traffic: { between: [pc, server], families: ipv4, directions: forward, size: coded } }
                """);
            var plan = ScenarioLoader.Load(Path.Combine(directory, "scenario.yaml"), Path.Combine(directory, "hosts.yaml"), new ScenarioOverrides()).Plan!;
            var step = plan.Steps.Single(s => s.Action is TrafficStart);
            Assert.That(((TrafficStart)step.Action).Flows.Single().Size, Is.EqualTo(ProbeSizeCode.SmallestPayload));
            Assert.That(step.Command, Does.Contain($"{ProbeSizeCode.SmallestPayload} to {ProbeSizeCode.LargestPayload} B"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
