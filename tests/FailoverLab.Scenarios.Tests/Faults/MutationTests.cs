using System.Text;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Damaged copies of the files in the repository: whatever the damage, no exception, and every fault has its place.</summary>
public sealed class MutationTests
{
    private const int Mutations = 4_000;
    private const ulong Seed = 20261121;

    private static readonly string[] Fragments =
    [
        "[", "]", "{", "}", ":", ": ", "- ", "\t", "\n", "\"", "'", "#", "&a ", "*a", "<<: ", "!x ", "|", ">", "---\n", "\0", "é", "\u2028", "-1", "9999999999", "1e9", "%", "all", "null", "~", "0ms", "[[[[[[[[", "? ",
    ];

    private static IEnumerable<string> Scenarios() => Repository.ScenarioNames().Take(3);

    [TestCaseSource(nameof(Scenarios))]
    public void Read_DamagedScenario_NoExceptionAndEveryFaultHasItsPlace(string name)
    {
        var inventory = new InventoryReader(new DiagnosticBag()).Read(Repository.Hosts);
        Run(Repository.Scenario(name), (root, bag) => new ScenarioReader(inventory, bag).Read(root, new ScenarioOverrides()));
    }

    [Test]
    public void Read_DamagedHosts_NoExceptionAndEveryFaultHasItsPlace()
    {
        var topology = new InventoryReader(new DiagnosticBag()).Read(Repository.Hosts).Topology;
        Run(Repository.Hosts, (root, bag) => new InventoryReader(bag).Merge(new HostsReader(bag).Read(root), topology));
    }

    [Test]
    public void Read_DamagedTopology_NoExceptionAndEveryFaultHasItsPlace() =>
        Run(Repository.Topology, (root, bag) => new TopologyReader(bag).Read(root, Repository.Topology));

    private static void Run(string file, Action<YamlNode?, DiagnosticBag> read)
    {
        var text = File.ReadAllText(file);
        var random = new SeededRandom(Seed).Split(Path.GetFileName(file));
        var faulty = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var damaged = Damage(text, random);
            var bag = new DiagnosticBag();
            Assert.That(() => read(YamlReader.Read(Encoding.UTF8.GetBytes(damaged), "file.yaml", bag), bag), Throws.Nothing, $"seed {Seed}, mutation {i}");
            faulty += bag.HasErrors ? 1 : 0;
            var homeless = bag.Sorted().Where(d => d.Position.Line < 1 || d.Position.Column < 1 || string.IsNullOrEmpty(d.Position.File)).ToList();
            Assert.That(homeless, Is.Empty, $"seed {Seed}, mutation {i}: {string.Join(" | ", homeless)}");
        }
        TestContext.Out.WriteLine($"seed {Seed}: {faulty} of {Mutations} damaged files refused");
        Assert.That(faulty, Is.GreaterThan(Mutations / 2));
    }

    private static string Damage(string text, SeededRandom random)
    {
        var damaged = new StringBuilder(text);
        for (var n = random.Next(3); n >= 0; n--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(6))
            {
                case 0:
                    damaged.Remove(at, Math.Min(1 + random.Next(4), damaged.Length - at));
                    break;
                case 1:
                    damaged.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    damaged[at] = (char)(32 + random.Next(95));
                    break;
                default:
                    DamageLine(damaged, random);
                    break;
            }
        }
        return damaged.ToString();
    }

    /// <summary>Takes a line away, doubles it, indents it, or swaps it with another.</summary>
    private static void DamageLine(StringBuilder text, SeededRandom random)
    {
        var lines = text.ToString().Split('\n').ToList();
        var (at, other) = (random.Next(lines.Count), random.Next(lines.Count));
        switch (random.Next(4))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[at]);
                break;
            case 2:
                lines[at] = new string(' ', 1 + random.Next(4)) + lines[at];
                break;
            default:
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
        }
        text.Clear().AppendJoin('\n', lines);
    }
}
