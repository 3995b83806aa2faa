namespace FailoverLab.Scenarios.Tests;

/// <summary>The faults people make most, all in one go.</summary>
public sealed class IssueListTests
{
    [Test]
    public void Load_ManyFaultsInThreeFiles_AllAtOnceWithPlaceAndCure()
    {
        const string Scenario = """
            version: 1
            name: Test
            duration: 13
            tittle: x
            steps:
              - at: 4s
                degrade: { link: starlink-9, dely: 150ms }
              - at: 20s
                restore: wan1
              - at: -1s
                traffic: { between: [pc, sever], size: 9000B, interval: 5 }
              - capture: gate.wan
              - at: 1s
                stack: start
                kill: gate
            expect:
              - { metric: outage, max: 100 }
              - { metric: failover, max: 1 }
            """;
        var hosts = LabFiles.SoundHosts.Replace("transport: local", "transport: lokal", StringComparison.Ordinal);
        var topology = LabFiles.SoundTopology.Replace("203.0.113.2/28", "10.0.0.2/28", StringComparison.Ordinal);
        using var files = new LabFiles(Scenario, hosts, topology);
        string[] expected =
        [
            "hosts.yaml:8:22: error FL1026: 'transport' 'lokal' is not one of: local, netns, ssh (did you mean 'local'?)",
            "scenario.yaml:2:7: error FL1027: 'name' 'Test' is not a scenario name (1 to 40 of a-z 0-9 -)",
            "scenario.yaml:3:11: error FL1024: 'duration' '13' is not a duration with its unit (us, ms, s, m, h) (write 13s)",
            "scenario.yaml:4:1: error FL1020: unknown key 'tittle' in the scenario; allowed: version, name, description, duration, seed, max_start_skew, steps, expect",
            "scenario.yaml:7:14: error FL1113: this step degrades nothing (add one of: profile, carrier, drop, loss, delay, jitter, overtake, duplicate, corrupt, reorder, rate, queue, mtu, trace, slots)",
            "scenario.yaml:7:22: error FL1103: there is no link 'starlink-9'; known: wan1, all",
            "scenario.yaml:7:34: error FL1020: unknown key 'dely' in a degrade step; allowed: link, direction, profile, carrier, drop, loss, delay, jitter, overtake, duplicate, corrupt, reorder, rate, queue, mtu, trace, slots (did you mean 'delay'?)",
            "scenario.yaml:10:9: error FL1025: 'at' -1s is out of range: 0s to 24h",
            "scenario.yaml:11:30: error FL1102: there is no host 'sever'; known: pc, gate, emu, server, here, far (did you mean 'server'?)",
            "scenario.yaml:11:44: error FL1025: 'size' 9000B is out of range: 32B to 1400B",
            "scenario.yaml:11:61: error FL1024: 'interval' '5' is not a duration with its unit (us, ms, s, m, h) (write 5ms or 5s)",
            "scenario.yaml:12:5: error FL1021: a step lacks the key 'at'",
            "scenario.yaml:15:5: error FL1028: 'kill' and 'stack' exclude each other in a step",
            "scenario.yaml:17:28: error FL1024: 'max' '100' is not a duration with its unit (us, ms, s, m, h) (write 100ms or 100s)",
            "scenario.yaml:18:15: error FL1026: 'metric' 'failover' is not one of: outage, lost, loss-ratio, failovers, reversions, working-path, delay-median, delay-p99, capture-drops, start-skew (did you mean 'failovers'?)",
            "topology.yaml:6:50: error FL1201: address 10.0.0.2 of server.eth0 is outside the documentation ranges (take one from 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32)",
        ];
        Assert.That(files.Faults(), Is.EqualTo(expected));
    }

    [Test]
    public void Load_StepBeyondTheEnd_RefusedWithTheRange()
    {
        using var files = new LabFiles(LabFiles.SoundScenario.Replace("at: 4s", "at: 20s", StringComparison.Ordinal));
        Assert.That(files.Faults(), Is.EqualTo(new[] { "scenario.yaml:11:9: error FL1025: 'at' 20s is out of range: 0s to 10s" }));
    }

    [Test]
    public void Load_CyclicAlias_RefusedWithItsPlace()
    {
        using var files = new LabFiles(LabFiles.SoundScenario + "\nseed: &s [1, *s]\n");
        Assert.That(files.Faults(), Is.EqualTo(new[]
        {
            "scenario.yaml:15:7: error FL1022: 'seed' is text, but here stands a list",
            "scenario.yaml:15:14: error FL1009: alias '*s' stands inside its own anchor (line 15), so it would never end",
        }));
    }

    [TestCase("")]
    [TestCase("  \n\n")]
    public void Load_EmptyFile_RefusedWithItsPlace(string text)
    {
        using var files = new LabFiles(text);
        Assert.That(files.Faults(), Is.EqualTo(new[] { "scenario.yaml:1:1: error FL1004: the file is empty" }));
    }

    [Test]
    public void Load_TwentyThousandBrackets_RefusedWithItsPlace()
    {
        using var files = new LabFiles("steps: " + new string('[', 20_000));
        Assert.That(files.Faults(), Is.EqualTo(new[]
        {
            "scenario.yaml:1:9: error FL1022: a step is a mapping ('key: value' lines), but here stands a list",
            "scenario.yaml:1:71: error FL1006: nested deeper than 64 levels",
        }));
    }

    [Test]
    public void Load_SoundFiles_NoFaultAndAPlan()
    {
        using var files = new LabFiles();
        var result = files.Load();
        Assert.Multiple(() =>
        {
            Assert.That(result.Diagnostics, Is.Empty);
            Assert.That(result.Plan, Is.Not.Null);
        });
    }
}
