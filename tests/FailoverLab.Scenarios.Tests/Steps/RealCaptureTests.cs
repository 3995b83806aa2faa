namespace FailoverLab.Scenarios.Tests;

/// <summary>Captures on hosts that are reached over ssh, and what cannot be done there.</summary>
public sealed class RealCaptureTests
{
    private const string Hosts = """
        version: 1
        hosts:
          wanulator: { user: root }
          wanulator.lab: { user: root }
          far: { user: root }
          here: { transport: local }
        links:
          one: { driver: nft, host: wanulator, lan: eth1, wan: eth2.7 }
          two: { path: lte, driver: netem, host: wanulator, lan: eth3, wan: eth4 }
          three: { driver: wanulator, host: far, vm: 7, password: env:WANULATOR_PASSWORD }
          four: { driver: netem, host: here, lan: eth5, wan: eth6 }
        """;

    [TestCase("all", "wanulator.eth1 wanulator.eth2.7 wanulator.eth3 wanulator.eth4")]
    [TestCase("far.eno1", "far.eno1")]
    [TestCase("[wanulator.eth2.7, far.eno1, far.eno1]", "wanulator.eth2.7 far.eno1")]
    [TestCase("wanulator.lab.eth0", "wanulator.lab.eth0")]
    public void Load_CaptureOverSsh_PointsOfItsHosts(string capture, string expected)
    {
        using var files = new LabFiles(Scenario($"capture: {{ points: {capture}, snap: 96B }}"), Hosts);
        var result = files.Load();
        Assert.That(result.Diagnostics, Is.Empty);
        var captures = result.Plan!.Steps.Where(s => s.Action is CaptureStart).Select(s => (s.Host, Capture: (CaptureStart)s.Action)).ToList();
        Assert.That(string.Join(' ', captures.SelectMany(c => c.Capture.Interfaces.Select(i => $"{c.Host}.{i}"))), Is.EqualTo(expected));
        Assert.That(captures.Select(c => c.Capture.SnapLength), Is.All.EqualTo(96));
        Assert.That(result.Plan.Hosts.Select(h => h.Name), Is.SupersetOf(captures.Select(c => c.Host)));
    }

    [TestCase("capture: far", "scenario.yaml:5:24", "write host.interface of a host that is reached over ssh")]
    [TestCase("capture: [fra.eth0]", "scenario.yaml:5:25", "there is no capture point 'fra.eth0'")]
    [TestCase("capture: [far.-w]", "scenario.yaml:5:25", "is not an interface name")]
    [TestCase("capture: [here.eth0]", "scenario.yaml:5:25", "capture with a 'run' step")]
    [TestCase("capture: { points: all, snap: 8B }", "scenario.yaml:5:45", "64B")]
    [TestCase("traffic: { between: [far, wanulator], interval: 1ms }", "scenario.yaml:5:36", "give it 'interfaces'")]
    [TestCase("stack: start", "scenario.yaml:5:22", "or hosts over ssh 'stack'")]
    [TestCase("kill: far", "scenario.yaml:5:21", "start and end one with 'run' steps there")]
    public void Load_WhatNoHostOverSshCanDo_ErrorWithItsPlaceAndCure(string step, string place, string expected)
    {
        using var files = new LabFiles(Scenario(step), Hosts);
        Assert.That(files.Load().Plan, Is.Null);
        Assert.That(files.Faults()[0], Does.StartWith(place));
        var fault = files.Load().Diagnostics[0];
        Assert.That($"{fault.Message} {fault.Hint}", Does.Contain(expected));
    }

    [Test]
    public void Load_PointOverSshNamedByTwoSteps_RefusedAtTheSecond()
    {
        using var files = new LabFiles(Scenario("capture: all") + "  - { at: 2s, capture: wanulator.eth1 }\n", Hosts);
        Assert.That(files.Faults().Single(), Does.StartWith("scenario.yaml:6:24").And.Contain("wanulator.eth1"));
    }

    [Test]
    public void Load_CaptureAllWithoutAnyEnd_SaysWhatIsMissing()
    {
        using var files = new LabFiles(Scenario("capture: all"), "version: 1\nhosts: { far: { user: root } }\n");
        Assert.That(files.Faults().Single(), Does.StartWith("scenario.yaml:5:24").And.Contain(ScenarioCodes.NoLab));
    }

    /// <summary>Traffic of a tool of one's own is found in the captures, so there is something to judge.</summary>
    [TestCase("    - { at: 1s, run: x, hosts: far }\n", 0)]
    [TestCase("", 1)]
    public void Load_ExpectationWithoutTrafficStep_WarnsOnlyWithoutCommands(string run, int warnings)
    {
        var scenario = Scenario("capture: all") + run.Replace("    -", "  -", StringComparison.Ordinal) + "expect:\n  - { metric: outage, max: 1s }\n";
        using var files = new LabFiles(scenario, Hosts);
        Assert.That(files.Load().Diagnostics.Count(d => d.Code == ScenarioCodes.NothingToJudge), Is.EqualTo(warnings));
    }

    private static string Scenario(string step) => $"version: 1\nname: real\nduration: 9s\nsteps:\n  - {{ at: 1s, {step} }}\n";
}
