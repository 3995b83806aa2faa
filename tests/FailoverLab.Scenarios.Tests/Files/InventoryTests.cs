using System.Text;
using Bogus;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Inventories such as people have: domain names, addresses, aliases, many groups.</summary>
public sealed class InventoryTests
{
    [Test]
    public void Read_RealisticInventories_EveryHostAndGroupFound([Range(1, 20)] int seed)
    {
        var faker = new Faker { Random = new Randomizer(seed) };
        var names = Enumerable.Range(0, 60)
            .Select(i => faker.PickRandom($"{faker.Internet.DomainWord()}-{i}", $"h{i}.{faker.Internet.DomainName()}", $"10.{i}.{faker.Random.Byte()}.{faker.Random.Byte()}", $"{faker.Hacker.Abbreviation()}_{i}"))
            .ToList();
        var groups = Enumerable.Range(0, 8).ToDictionary(g => $"group-{g}", _ => faker.PickRandom(names, 7).ToList());
        var text = new StringBuilder("version: 1\nhosts:\n");
        foreach (var name in names)
        {
            text.Append(faker.PickRandom($"  {name}:\n", $"  \"{name}\": {{ transport: ssh, role: {faker.PickRandom("traffic", "proxmox", "wanulator")} }}\n", $"  {name}:\n    transport: local\n"));
        }
        text.Append("groups:\n").AppendJoin('\n', groups.Select(g => $"  {g.Key}: [{string.Join(", ", g.Value)}]"));
        var bag = new DiagnosticBag();
        var inventory = new InventoryReader(bag).Merge(new HostsReader(bag).Read(YamlReader.Read(Encoding.UTF8.GetBytes(text.ToString()), "hosts.yaml", bag)), null);
        Assert.That(bag.Sorted(), Is.Empty, text.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(names.Select(inventory.Host), Has.None.Null);
            foreach (var (group, members) in groups)
            {
                var found = inventory.FindHosts(new ValueReader(YamlReader.Read(Encoding.UTF8.GetBytes(group), "x", bag), default, bag, "hosts"));
                Assert.That(found.Select(h => h.Name), Is.EqualTo(members));
            }
        });
    }

    [TestCase("-oProxyCommand=touch /tmp/x")]
    [TestCase("a;b")]
    [TestCase("$(id)")]
    [TestCase("`id`")]
    [TestCase("a b")]
    [TestCase("../../etc")]
    [TestCase("a\u202Eb")]
    [TestCase("{{x}}")]
    [TestCase("a/b")]
    public void Read_NameMadeToBecomeACommand_Refused(string name)
    {
        using var files = new LabFiles(hosts: LabFiles.SoundHosts.Replace("  far:", $"  '{name}':", StringComparison.Ordinal));
        Assert.That(files.Faults(), Has.Count.EqualTo(1).And.One.StartsWith("hosts.yaml:9:3: error FL1027: "));
    }

    [Test]
    public void Read_HostsFileBroken_NoHostOfTheScenarioIsCalledUnknown()
    {
        using var files = new LabFiles(hosts: LabFiles.SoundHosts.Replace("gate: {", "gate: {{", StringComparison.Ordinal));
        Assert.That(files.Faults(), Has.All.StartsWith("hosts.yaml:"));
    }

    [Test]
    public void Read_NodeNotListed_IsAHostAllTheSame()
    {
        using var files = new LabFiles(hosts: "version: 1\nlab: topology.yaml\nhosts: {}\n");
        var result = files.Load();
        Assert.Multiple(() =>
        {
            Assert.That(result.Diagnostics, Is.Empty);
            Assert.That(result.Plan!.Hosts, Has.All.Property(nameof(HostPlan.Transport)).EqualTo(HostTransport.Netns));
        });
    }
}
