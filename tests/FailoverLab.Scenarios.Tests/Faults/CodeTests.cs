using System.Reflection;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Each code with a file that earns it; and every code has its case here and its lines in the documentation.</summary>
public sealed class CodeTests
{
    private static readonly (string Code, string File, string Find, string Put, string Place)[] Cases =
    [
        (YamlCodes.Unreadable, "hosts", "lab: topology.yaml", "lab: nowhere.yaml", "hosts.yaml:2:6"),
        (YamlCodes.TooLarge, "scenario", "version: 1", "#" + new string('x', 1 << 20), "scenario.yaml:1:1"),
        (YamlCodes.NotText, "scenario", "name: test", "name: te\u0001st", "scenario.yaml:2:9"),
        (YamlCodes.Empty, "hosts", LabFiles.SoundHosts, "", "hosts.yaml:1:1"),
        (YamlCodes.Syntax, "scenario", "stack: start", "stack: [start", "scenario.yaml:7:3"),
        (YamlCodes.TooDeep, "scenario", "stack: start", "stack: " + new string('[', 100), "scenario.yaml:6:73"),
        (YamlCodes.TooMuch, "scenario", "name: test", "name: " + new string('x', 70_000), "scenario.yaml:2:7"),
        (YamlCodes.UnknownAlias, "scenario", "name: test", "name: *nobody", "scenario.yaml:2:7"),
        (YamlCodes.CyclicAlias, "scenario", "stack: start", "stack: &a [*a]", "scenario.yaml:6:16"),
        (YamlCodes.DuplicateKey, "scenario", "name: test", "name: test\nname: again", "scenario.yaml:3:1"),
        (YamlCodes.MergeKey, "scenario", "{ link: wan1, drop: true }", "{ <<: {}, link: wan1, drop: true }", "scenario.yaml:10:16"),
        (YamlCodes.Tag, "scenario", "name: test", "name: !secret test", "scenario.yaml:2:7"),
        (YamlCodes.SeveralDocuments, "scenario", "name: test", "name: test\n---\nversion: 1", "scenario.yaml:3:1"),
        (YamlCodes.ComplexKey, "scenario", "name: test", "name: test\n[a, b]: 1", "scenario.yaml:3:1"),
        (YamlCodes.Tab, "scenario", "    stack: start", "\t stack: start", "scenario.yaml:6:1"),
        (YamlCodes.UnknownKey, "scenario", "name: test", "name: test\nsead: 1", "scenario.yaml:3:1"),
        (YamlCodes.MissingKey, "scenario", "duration: 10s\n", "", "scenario.yaml:1:1"),
        (YamlCodes.WrongKind, "scenario", "stack: start", "stack: [start]", "scenario.yaml:6:12"),
        (YamlCodes.NoValue, "scenario", "name: test", "name:", "scenario.yaml:2:1"),
        (YamlCodes.Unit, "scenario", "at: 4s", "at: 4", "scenario.yaml:11:9"),
        (YamlCodes.OutOfRange, "scenario", "at: 4s", "at: 11s", "scenario.yaml:11:9"),
        (YamlCodes.NotAllowed, "scenario", "stack: start", "stack: stop", "scenario.yaml:6:12"),
        (YamlCodes.Form, "scenario", "name: test", "name: ../test", "scenario.yaml:2:7"),
        (YamlCodes.Choice, "scenario", "stack: start", "stack: start\n    stop: stack", "scenario.yaml:7:5"),
        (ScenarioCodes.Version, "scenario", "version: 1", "version: 2", "scenario.yaml:1:10"),
        (ScenarioCodes.UnknownHost, "scenario", "[pc, server]", "[pc, nobody]", "scenario.yaml:8:30"),
        (ScenarioCodes.UnknownHost, "scenario", "[pc, server]", "[pc, ends]", "scenario.yaml:8:30"),
        (ScenarioCodes.UnknownLink, "scenario", "restore: wan1", "restore: wan2", "scenario.yaml:12:14"),
        (ScenarioCodes.UnknownPoint, "scenario", "stack: start", "capture: [pc.eth9]", "scenario.yaml:6:15"),
        (ScenarioCodes.UnknownFlow, "scenario", "max: 100ms", "max: 100ms, flow: a>b", "scenario.yaml:14:41"),
        (ScenarioCodes.UnknownPath, "scenario", "metric: outage, max: 100ms", "metric: working-path, is: wan9", "scenario.yaml:14:33"),
        (ScenarioCodes.DuplicateStep, "scenario", "    restore: wan1", "    restore: wan1\n    name: x\n  - at: 5s\n    stop: traffic\n    hosts: pc\n    name: x", "scenario.yaml:14:5"),
        (ScenarioCodes.EmptyList, "scenario", "restore: wan1", "restore: []", "scenario.yaml:12:14"),
        (ScenarioCodes.NoLab, "hosts", "lab: topology.yaml", "", "scenario.yaml:12:14"),
        (ScenarioCodes.UnableHost, "scenario", "restore: wan1", "kill: pc", "scenario.yaml:12:11"),
        (ScenarioCodes.HostsWithoutMeaning, "scenario", "restore: wan1", "restore: wan1\n    hosts: pc", "scenario.yaml:13:12"),
        (ScenarioCodes.NoAddress, "scenario", "[pc, server]", "[pc, gate]", "scenario.yaml:8:25"),
        (ScenarioCodes.UselessChange, "scenario", ", drop: true", "", "scenario.yaml:10:14"),
        (ScenarioCodes.UselessChange, "scenario", "drop: true", "carrier: false, direction: up", "scenario.yaml:10:55"),
        (ScenarioCodes.RestoreWithoutDegrade, "scenario", "at: 4s", "at: 1s", "scenario.yaml:11:5"),
        (ScenarioCodes.DegradeWithoutRestore, "scenario", "  - at: 4s\n    restore: wan1\n", "", "scenario.yaml:9:5"),
        (ScenarioCodes.TrafficBeforeStack, "scenario", "at: 0s", "at: 2s", "scenario.yaml:7:5"),
        (ScenarioCodes.StopWithoutStart, "scenario", "stack: start", "stop: capture", "scenario.yaml:5:5"),
        (ScenarioCodes.Limit, "scenario", "max: 100ms", "is: wan1", "scenario.yaml:14:27"),
        (ScenarioCodes.Limit, "scenario", "max: 100ms", "max: 100ms, min: 1s", "scenario.yaml:14:40"),
        (ScenarioCodes.Window, "scenario", "max: 100ms", "max: 100ms, from: 3s, to: 2s", "scenario.yaml:14:49"),
        (ScenarioCodes.NothingToJudge, "scenario", "metric: outage, max: 100ms", "metric: capture-drops, max: 0", "scenario.yaml:14:5"),
        (ScenarioCodes.HostClash, "hosts", "role: traffic", "role: router", "hosts.yaml:4:3"),
        (ScenarioCodes.HostClash, "hosts", "gate: { transport: netns }", "gate: { transport: ssh }", "hosts.yaml:5:3"),
        (ScenarioCodes.HostClash, "hosts", "far:", "far: { transport: netns }", "hosts.yaml:9:3"),
        (ScenarioCodes.GroupClash, "hosts", "ends: [pc", "far: [pc", "hosts.yaml:11:3"),
        (ScenarioCodes.LinkClash, "hosts", "wanulator: emu", "wanulator: gate", "hosts.yaml:13:34"),
        (ScenarioCodes.SshOption, "hosts", "far:", "far: { options: { ProxyCommand: x } }", "hosts.yaml:9:21"),
        (ScenarioCodes.SshOption, "hosts", "far:", "far: { options: { StrictHostKeyChecking: accept } }", "hosts.yaml:9:21"),
        (ScenarioCodes.SshWithoutMeaning, "hosts", "transport: local", "transport: local, port: 22", "hosts.yaml:8:29"),
        (ScenarioCodes.SecretInFile, "hosts", "far:", "far: { password: hunter2 }", "hosts.yaml:9:20"),
        (ScenarioCodes.LinkKey, "hosts", "path: wan1,", "path: wan1, vm: 3,", "hosts.yaml:13:3"),
        (ScenarioCodes.LinkKey, "hosts", "wan1: {", "wan2: { driver: netem, host: far, lan: a, wan: b, vm: 2 }\n  wan1: {", "hosts.yaml:13:57"),
        (ScenarioCodes.UnknownPve, "hosts", "wan1: {", "wan2: { driver: pve, vm: 2, net: 0, pve: lab }\n  wan1: {", "hosts.yaml:13:44"),
        (ScenarioCodes.Ansible, "hosts", LabFiles.SoundHosts, "all: { hosts: { \"a[2:1]\": } }", "hosts.yaml:1:17"),
        (ScenarioCodes.ForeignAddress, "topology", "192.0.2.2/28", "192.168.0.2/28", "topology.yaml:3:45"),
        (ScenarioCodes.DuplicateAddress, "topology", "203.0.113.2/28", "203.0.113.1/28", "topology.yaml:6:50"),
        (ScenarioCodes.UnknownEnd, "topology", "pc.eth0, gate.lan", "pc.eth1, gate.lan", "topology.yaml:8:6"),
        (ScenarioCodes.UnknownEnd, "topology", "pc.eth0, gate.lan", "px.eth0, gate.lan", "topology.yaml:8:6"),
        (ScenarioCodes.CabledTwice, "topology", "pc.eth0, gate.lan", "pc.eth0, gate.wan", "topology.yaml:10:40"),
        (ScenarioCodes.NotCabled, "topology", "  - [pc.eth0, gate.lan]", "  []", "topology.yaml:3:38"),
        (ScenarioCodes.UnreachableNextHop, "topology", "via: 192.0.2.1", "via: 198.51.100.1", "topology.yaml:3:111"),
        (ScenarioCodes.ProgramConfig, "topology", ", config: gate.yaml", "", "topology.yaml:4:50"),
        (ScenarioCodes.ProgramConfig, "topology", "config: gate.yaml", "config: gone.yaml", "topology.yaml:4:66"),
        (ScenarioCodes.Wanulator, "topology", "wanulator: emu", "wanulator: gate", "topology.yaml:10:22"),
        (ScenarioCodes.BridgePort, "topology", "eth0: [203.0.113.2/28, \"2001:db8:2::2/64\"]", "eth0: [203.0.113.2/28, \"2001:db8:2::2/64\"], br0: { bridge: [eth0] }", "topology.yaml:6:87"),
        (ScenarioCodes.QueueTooSmall, "scenario", "drop: true", "rate: 10Mbit/s, queue: 1ms", "scenario.yaml:10:51"),
        (ScenarioCodes.Model, "scenario", "drop: true", "delay: { table: [2ms, 1ms] }", "scenario.yaml:10:50"),
        (ScenarioCodes.UnknownProfile, "scenario", "drop: true", "profile: lta", "scenario.yaml:10:37"),
        (ScenarioCodes.ProfileName, "profile", "name: wan", "name: van", "profiles/wan.yaml:2:7"),
        (ScenarioCodes.TraceForm, "trace", "5\n", "x\n", "trace.txt:2:1"),
        (ScenarioCodes.TraceTime, "trace", "9\n", "3\n", "trace.txt:3:1"),
        (ScenarioCodes.MissingCopy, "scenario", LabFiles.SoundScenario, "name: x\njobs: [{ host: a, run_after_sec: 0, run_after_min: 0, run_after_hr: 0, commands: [x], cp_files: [no] }]", "scenario.yaml:2:98"),
    ];

    private static IEnumerable<TestCaseData> NamedCases() =>
        Cases.Select((c, i) => new TestCaseData(c.Code, c.File, c.Find, c.Put, c.Place).SetArgDisplayNames(c.Code, $"case {i}"));

    [TestCaseSource(nameof(NamedCases))]
    public void Load_OneFault_ItsCodeAtItsPlace(string code, string file, string find, string put, string place)
    {
        using var files = file switch
        {
            "scenario" => new LabFiles(scenario: Replace(LabFiles.SoundScenario, find, put)),
            "hosts" => new LabFiles(hosts: Replace(LabFiles.SoundHosts, find, put)),
            "trace" => new LabFiles(Replace(LabFiles.SoundScenario, "drop: true", "trace: trace.txt"), trace: Replace(LabFiles.SoundTrace, find, put)),
            "profile" => new LabFiles(Replace(LabFiles.SoundScenario, "drop: true", "profile: wan"), profile: Replace(LabFiles.SoundProfile, find, put)),
            _ => new LabFiles(topology: Replace(LabFiles.SoundTopology, find, put)),
        };
        var faults = files.Faults();
        Assert.That(faults.Where(f => f.StartsWith(place + ": ", StringComparison.Ordinal) && f.Contains($" {code}: ", StringComparison.Ordinal)), Is.Not.Empty, string.Join('\n', faults));
    }

    [Test]
    public void Codes_EveryOne_HasACaseHere() => Assert.That(AllCodes().Except(Cases.Select(c => c.Code)), Is.Empty);

    [Test]
    public void Codes_EveryOne_StandsOnce() => Assert.That(AllCodes(), Is.Unique);

    internal static IReadOnlyList<string> AllCodes() =>
        [.. new[] { typeof(YamlCodes), typeof(ScenarioCodes) }.SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(f => (string)f.GetRawConstantValue()!)];

    private static string Replace(string text, string find, string put)
    {
        Assert.That(text, Does.Contain(find), "the case does not fit the sound file any more");
        return text.Replace(find, put, StringComparison.Ordinal);
    }
}
