using System.Text;
using System.Text.Json.Nodes;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Reader, schema and documentation speak of the same keys.</summary>
public sealed class KeyTests
{
    private const string Sound = LabFiles.SoundScenario;

    /// <summary>Each mapping with a file that holds a wrong key in it: the reader then lists the keys it knows.</summary>
    private static IEnumerable<TestCaseData> Groups()
    {
        yield return Case(ScenarioKeys.Scenario, new(Sound + "\nzzzzz: 1"));
        yield return Case(ScenarioKeys.Step, new(Put(Sound, "at: 0s", "at: 0s\n    zzzzz: 1")));
        yield return Case(ScenarioKeys.Capture, new(Put(Sound, "stack: start", "capture: { points: all, zzzzz: 1 }")));
        yield return Case(ScenarioKeys.Traffic, new(Put(Sound, "[pc, server]", "[pc, server], zzzzz: 1")));
        yield return Case(ScenarioKeys.Degrade, new(Put(Sound, "drop: true", "drop: true, zzzzz: 1")));
        yield return Case(ScenarioKeys.Run, new(Put(Sound, "stack: start", "run: { host: pc, command: x, zzzzz: 1 }")));
        yield return Case(ScenarioKeys.Kill, new(Put(Sound, "stack: start", "kill: { host: gate, zzzzz: 1 }")));
        yield return Case(ScenarioKeys.Expectation, new(Put(Sound, "max: 100ms", "max: 100ms, zzzzz: 1")));
        yield return Case(ScenarioKeys.Plan, new("name: x\njobs: []\nzzzzz: 1"));
        yield return Case(ScenarioKeys.Job, new("name: x\njobs: [{ zzzzz: 1 }]"));
        yield return Case(LabKeys.Hosts, new(hosts: LabFiles.SoundHosts + "\nzzzzz: 1"));
        yield return Case(LabKeys.Host, new(hosts: Put(LabFiles.SoundHosts, "transport: local", "transport: local, zzzzz: 1")));
        yield return Case(LabKeys.Stack, new(hosts: Put(LabFiles.SoundHosts, "  far:", "  far: { stack: { program: router, config: x, zzzzz: 1 } }")));
        yield return Case(LabKeys.Link, new(hosts: Put(LabFiles.SoundHosts, "path: wan1", "path: wan1, zzzzz: 1")));
        yield return Case(LabKeys.Ssh, new(hosts: LabFiles.SoundHosts + "\nssh: { zzzzz: 1 }"));
        yield return Case(LabKeys.Pve, new(hosts: LabFiles.SoundHosts + "\npve: { lab: { url: \"https://192.0.2.2\", token: env:T, zzzzz: 1 } }"));
        yield return Case(LabKeys.Topology, new(topology: LabFiles.SoundTopology + "\nzzzzz: 1"));
        yield return Case(LabKeys.Node, new(topology: Put(LabFiles.SoundTopology, "role: wanulator", "role: wanulator, zzzzz: 1")));
        yield return Case(LabKeys.Interface, new(topology: Put(LabFiles.SoundTopology, "lan: [192.0.2.1/28]", "lan: { addresses: 192.0.2.1/28, zzzzz: 1 }")));
        yield return Case(LabKeys.Route, new(topology: Put(LabFiles.SoundTopology, "device: eth0", "device: eth0, zzzzz: 1")));
        yield return Case(LabKeys.WanLink, new(topology: Put(LabFiles.SoundTopology, "vm: 1", "vm: 1, zzzzz: 1")));
        yield return Case(ImpairmentKeys.Profile, new(topology: Put(LabFiles.SoundTopology, "delay: 5ms", "delay: 5ms, zzzzz: 1")));
        yield return Impairment(ImpairmentKeys.LossModel, "loss: { share: 1%, zzzzz: 1 }");
        yield return Impairment(ImpairmentKeys.Gilbert, "loss: { gilbert: { to-bad: 1%, to-good: 5%, zzzzz: 1 } }");
        yield return Impairment(ImpairmentKeys.States, "loss: { states: { p13: 1%, p31: 5%, zzzzz: 1 } }");
        yield return Impairment(ImpairmentKeys.DelayModel, "delay: { uniform: { min: 1ms, max: 2ms }, zzzzz: 1 }");
        yield return Impairment(ImpairmentKeys.Range, "delay: { uniform: { min: 1ms, max: 2ms, zzzzz: 1 } }");
        yield return Impairment(ImpairmentKeys.Normal, "delay: { normal: { mean: 1ms, deviation: 2ms, zzzzz: 1 } }");
        yield return Impairment(ImpairmentKeys.Pareto, "delay: { pareto: { min: 1ms, scale: 2ms, shape: 3, zzzzz: 1 } }");
        yield return Impairment(ImpairmentKeys.Queue, "queue: { limit: 1s, zzzzz: 1 }");
        yield return Impairment(ImpairmentKeys.Trace, "trace: { file: trace.txt, zzzzz: 1 }");
        yield return Impairment(ImpairmentKeys.Slots, "slots: { period: 15s, level: { min: 0s, max: 1ms }, zzzzz: 1 }");
        yield return Impairment(ImpairmentKeys.Spike, "slots: { period: 15s, level: { min: 0s, max: 1ms }, start: { peak: 1ms, for: 1ms, zzzzz: 1 } }");
        yield return Impairment(ImpairmentKeys.Handover, "slots: { period: 15s, level: { min: 0s, max: 1ms }, handover: { loss: 1%, for: 1ms, zzzzz: 1 } }");
        yield return Impairment(ImpairmentKeys.Obstruction, "slots: { period: 15s, level: { min: 0s, max: 1ms }, obstruction: { chance: 1%, for: 1ms, zzzzz: 1 } }");
        yield return Case(ProfileKeys.File, new(topology: Put(LabFiles.SoundTopology, "{ delay: 5ms }", "profiles/wan.yaml"), profile: LabFiles.SoundProfile + "\nzzzzz: 1"));
    }

    [TestCaseSource(nameof(Groups))]
    public void Read_WrongKey_ListsExactlyTheKeysOfTheTable(object group, object files)
    {
        var (keys, lab) = ((KeyGroup)group, (LabFiles)files);
        using (lab)
        {
            var fault = lab.Load().Diagnostics.Single(d => d.Message.Contains("'zzzzz'", StringComparison.Ordinal));
            var known = fault.Message[(fault.Message.IndexOf("allowed: ", StringComparison.Ordinal) + 9)..].Split(", ");
            Assert.That(known, Is.EqualTo(keys.Keys.Select(k => k.Name)));
        }
    }

    [TestCaseSource(nameof(Groups))]
    public void Docs_EveryMapping_HasTheTableOfItsKeys(object group, object files)
    {
        ((LabFiles)files).Dispose();
        var keys = (KeyGroup)group;
        var docs = File.ReadAllText(Repository.Docs);
        var marker = $"<!-- keys {keys.Name} -->\n\n";
        Assert.That(docs, Does.Contain(marker));
        var start = docs.IndexOf(marker, StringComparison.Ordinal) + marker.Length;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            var end = docs[start] == '|' ? docs.IndexOf("\n\n", start, StringComparison.Ordinal) + 2 : start;
            docs = docs[..start] + Table(keys) + "\n" + docs[end..];
            File.WriteAllText(Repository.Docs, docs);
        }
        Assert.That(docs[start..], Does.StartWith(Table(keys)));
    }

    [TestCaseSource(typeof(SchemaText), nameof(SchemaText.Names))]
    public void Schema_EveryFile_AsCommitted(string name)
    {
        var file = Path.Combine(Repository.Root, "scenarios", "schema", name + ".schema.json");
        var text = SchemaText.For(name) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        Assert.That(text, Is.EqualTo(File.ReadAllText(file)));
        Assert.That(References(JsonNode.Parse(text)!).Except(JsonNode.Parse(text)!["definitions"]!.AsObject().Select(d => "#/definitions/" + d.Key)), Is.Empty);
    }

    [Test]
    public void Docs_EveryCode_HasItsRow()
    {
        var lines = File.ReadAllLines(Repository.Docs);
        Assert.That(CodeTests.AllCodes().Where(c => !lines.Any(l => l.StartsWith($"| {c} |", StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public void Docs_EveryMetric_HasItsRow()
    {
        var lines = File.ReadAllLines(Repository.Docs);
        Assert.That(ExpectationReader.Metrics.Keys.Where(m => !lines.Any(l => l.StartsWith($"| `{m}` |", StringComparison.Ordinal))), Is.Empty);
    }

    /// <summary>The table as it stands in the documentation.</summary>
    internal static string Table(KeyGroup group)
    {
        var table = new StringBuilder("| key | type | range | default | example | meaning |\n|---|---|---|---|---|---|\n");
        foreach (var key in group.Keys)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{key.Name}` | {key.Type} | {key.Range} | {key.Default} | `{key.Example}` | {key.Meaning} |\n");
        }
        return table.ToString();
    }

    private static IEnumerable<string> References(JsonNode node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Key == "$ref" ? [p.Value!.GetValue<string>()] : p.Value is null ? [] : References(p.Value)),
        JsonArray a => a.SelectMany(i => i is null ? [] : References(i)),
        _ => [],
    };

    private static TestCaseData Case(KeyGroup group, LabFiles files) => new TestCaseData(group, files).SetArgDisplayNames(group.Name);

    private static TestCaseData Impairment(KeyGroup group, string text) => Case(group, new(Put(Sound, "drop: true", text)));

    private static string Put(string text, string find, string put)
    {
        Assert.That(text, Does.Contain(find));
        return text.Replace(find, put, StringComparison.Ordinal);
    }
}
