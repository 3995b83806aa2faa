using FailoverLab.Hosts;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner.Tests;

public sealed class AnalysisContextBuilderTests
{
    /// <summary>Both interfaces of a real link are its path's ends; an address that two hosts have names nobody; each point has its host's clock.</summary>
    [Test]
    public void Build_RealLinks_PathsOwnersAndClocksOfTheirHosts()
    {
        var plan = new RunPlan
        {
            Scenario = "x",
            Description = "",
            Duration = TimeSpan.FromSeconds(1),
            Seed = 1,
            Topology = null,
            Hosts = [new HostPlan("wan", HostTransport.Ssh, ""), new HostPlan("wan.lab", HostTransport.Ssh, "")],
            Links = [Link("one", "starlink", "eth1", "eth2.7"), Link("two", "two", null, null)],
            Steps = [],
            Expectations = [],
        };
        var record = new RunRecord
        {
            StartNs = 1,
            EndNs = 2,
            RanToEnd = true,
            WasInterrupted = false,
            Captures = [new CaptureCount("wan.eth2.7", "a", 5, 1, null), new CaptureCount("wan.lab.eth0", "b", 6, 0, null)],
            Clocks = [new HostClock("wan", 10, 1), new HostClock("wan.lab", 20, 2)],
            Addresses = [new HostAddress("wan", "192.0.2.1"), new HostAddress("wan", "192.0.2.1"), new HostAddress("wan", "192.0.2.9"), new HostAddress("wan.lab", "192.0.2.9")],
            Events = [],
        };

        var context = AnalysisContextBuilder.Build(plan, record);

        Assert.Multiple(() =>
        {
            Assert.That(context.Paths.Select(p => (p.Name, p.SitePoint, p.FarPoint)), Is.EqualTo(new[] { ("starlink", "wan.eth1", "wan.eth2.7") }));
            Assert.That(context.Owners, Is.EquivalentTo(new Dictionary<string, string> { ["192.0.2.1"] = "wan" }));
            Assert.That(context.Clocks.Select(c => (c.Point, c.OffsetNs, c.BoundNs)), Is.EquivalentTo(new[] { ("wan.eth2.7", 10L, 1L), ("wan.lab.eth0", 20L, 2L) }));
        });
    }

    private static LinkPlan Link(string name, string path, string? lan, string? wan) => new()
    {
        Name = name,
        Path = path,
        Driver = LinkDriver.Nft,
        Host = "wan",
        Lan = lan,
        Wan = wan,
        Profile = LinkChange.Good,
    };
}
