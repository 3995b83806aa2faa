using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner.Tests;

public sealed class StartLimitTests
{
    [TestCase(HostTransport.Ssh, null, 49_000_000L, 0)]
    [TestCase(HostTransport.Ssh, null, 50_000_000L, 1)]
    [TestCase(HostTransport.Ssh, null, -60_000_000L, 1)]
    [TestCase(HostTransport.Ssh, 100, 60_000_000L, 0)]
    [TestCase(HostTransport.Netns, null, 900_000_000L, 0)]
    [TestCase(HostTransport.Netns, 5, 6_000_000L, 1)]
    public void Exceeded_LateStart_IsACaveatThatSaysInvalid(HostTransport transport, int? limitMs, long lateNs, int count)
    {
        var plan = new RunPlan
        {
            Scenario = "x",
            Description = "",
            Duration = TimeSpan.FromSeconds(1),
            Seed = 1,
            Topology = null,
            Hosts = [new HostPlan("edge", transport, "")],
            Steps = [],
            Expectations = [],
            MaxStartSkew = limitMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
        };

        // The clock of the host is known to 100 us, which may be on the wrong side.
        var caveats = StartLimit.Exceeded(plan, new StartSkew(0, [new StepStart("edge", "01", 1000, 1000 + lateNs)]), new ClockReport("here", [new HostClock("edge", 0, 100_000)]));

        Assert.That(caveats, Has.Count.EqualTo(count));
        Assert.That(caveats.Select(c => c.Text), Has.All.StartsWith("INVALID: 01 on edge started"));
    }

    [TestCase(30_000_000, 1)]
    [TestCase(100_000, 0)]
    public void Exceeded_StartKnownWorseOrBetterThanTheClockAltogether_ItsOwnBoundCounts(long boundNs, int count)
    {
        var plan = new RunPlan
        {
            Scenario = "x",
            Description = "",
            Duration = TimeSpan.FromSeconds(1),
            Seed = 1,
            Topology = null,
            Hosts = [new HostPlan("edge", HostTransport.Ssh, "")],
            Steps = [],
            Expectations = [],
        };

        var skew = new StartSkew(0, [new StepStart("edge", "01", 1000, 30_001_000, boundNs)]);

        Assert.That(StartLimit.Exceeded(plan, skew, new ClockReport("here", [new HostClock("edge", 0, 25_000_000)])), Has.Count.EqualTo(count));
    }
}
