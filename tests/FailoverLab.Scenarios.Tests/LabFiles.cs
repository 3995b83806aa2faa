using FailoverLab.Primitives;

namespace FailoverLab.Scenarios.Tests;

/// <summary>A scenario, a hosts file and a topology in a directory of their own; sound until a test says otherwise.</summary>
internal sealed class LabFiles : IDisposable
{
    public const string SoundScenario = """
        version: 1
        name: test
        duration: 10s
        steps:
          - at: 0s
            stack: start
          - at: 1s
            traffic: { between: [pc, server] }
          - at: 2s
            degrade: { link: wan1, drop: true }
          - at: 4s
            restore: wan1
        expect:
          - { metric: outage, max: 100ms }
        """;

    public const string SoundHosts = """
        version: 1
        lab: topology.yaml
        hosts:
          pc: { transport: netns, role: traffic }
          gate: { transport: netns }
          emu: { transport: netns }
          server: { transport: netns }
          here: { transport: local }
          far:
        groups:
          ends: [pc, server]
        links:
          wan1: { path: wan1, wanulator: emu }
        """;

    public const string SoundTopology = """
        version: 1
        nodes:
          pc: { role: traffic, interfaces: { eth0: [192.0.2.2/28, "2001:db8:1::2/64"] }, routes: [{ to: default, via: 192.0.2.1, device: eth0 }] }
          gate: { role: router, forwards: true, program: router, config: gate.yaml, interfaces: { lan: [192.0.2.1/28], wan: [203.0.113.1/28] } }
          emu: { role: wanulator }
          server: { role: business, interfaces: { eth0: [203.0.113.2/28, "2001:db8:2::2/64"] } }
        cables:
          - [pc.eth0, gate.lan]
        wan:
          wan1: { wanulator: emu, vm: 1, site: gate.wan, far: server.eth0, profile: { delay: 5ms } }
        """;

    public const string SoundProfile = """
        version: 1
        name: wan
        source: made up for this test
        both: { delay: 20ms }
        down: { rate: 10Mbit/s }
        """;

    /// <summary>In the form of mahimahi.</summary>
    public const string SoundTrace = "0\n5\n9\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("failoverlab-").FullName;

    public LabFiles(string scenario = SoundScenario, string hosts = SoundHosts, string topology = SoundTopology, string profile = SoundProfile, string trace = SoundTrace)
    {
        File.WriteAllText(Path.Combine(_directory, "gate.yaml"), "");
        File.WriteAllText(Path.Combine(_directory, "trace.txt"), trace);
        Directory.CreateDirectory(Path.Combine(_directory, "profiles"));
        File.WriteAllText(Path.Combine(_directory, "profiles", "wan.yaml"), profile);
        File.WriteAllText(Path.Combine(_directory, "scenario.yaml"), scenario);
        File.WriteAllText(Path.Combine(_directory, "hosts.yaml"), hosts);
        File.WriteAllText(Path.Combine(_directory, "topology.yaml"), topology);
    }

    public string this[string file] => Path.Combine(_directory, file);

    public PlanResult Load() => ScenarioLoader.Load(this["scenario.yaml"], this["hosts.yaml"], new ScenarioOverrides());

    /// <summary>The faults as <c>file:line:column code message</c>, without the directory.</summary>
    public IReadOnlyList<string> Faults() => [.. Load().Diagnostics.Select(Format)];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Format(Diagnostic fault) => fault.ToString().Replace(_directory + "/", "", StringComparison.Ordinal);
}
