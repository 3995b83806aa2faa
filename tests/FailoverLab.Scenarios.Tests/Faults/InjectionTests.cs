using System.Text;
using System.Text.Json.Nodes;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios.Tests;

/// <summary>
/// Every hostile text in every field of hosts files and scenarios: refused with its place, or inert. Inert is shown on what comes out: the
/// plan holds it only where the person's own shell text or words for people stand, and nothing printed for ssh or Ansible changes its shape.
/// </summary>
public sealed class InjectionTests
{
    private const string Hole = "\u25C6";

    private const string Hosts = """
        version: 1
        lab: topology.yaml
        ssh: { user: root, port: 22, identity: key, config: conf, known_hosts: known, jump: gate, options: { Ciphers: aes128-ctr }, shell: sh, sudo: true, agent: no, password: env:PW }
        hosts:
          pc: { transport: netns, role: traffic }
          far: { transport: ssh, role: extra, address: 192.0.2.77, user: u1, port: 2201, identity: key1, config: conf1, known_hosts: known1, jump: gate1, options: { MACs: hmac-sha2-256 }, shell: dash, sudo: false, agent: yes, password: env:PW1 }
          here: { transport: local }
        groups: { ends: [pc, far] }
        links:
          wan1: { path: first, wanulator: emu }
          wan2: { path: second, driver: wanulator, host: far, lan: eth5, wan: eth6, vm: 103, password: env:WANULATOR_PASSWORD, serial: /run/s0, router: vni-0, profile: { loss: 1%, delay: 5ms, jitter: 1ms, rate: 20Mbit/s } }
          wan3: { driver: pve, vm: 104, pve: lab, net: 1 }
        pve:
          lab: { url: "https://192.0.2.2:8006", node: node1, ca: ca.pem, token: env:TOKEN }
        """;

    private const string Scenario = """
        version: 1
        name: test-name
        description: some-words
        duration: 10s
        seed: 7
        steps:
          - { at: 0s, name: step-one, stack: start }
          - { at: 1s, traffic: { between: [pc, server], interval: 1ms, size: 64B } }
          - { at: 2s, degrade: { link: wan2, loss: 3%, delay: 7ms, jitter: 2ms, rate: 5Mbit/s, direction: up } }
          - { at: 3s, restore: wan2 }
          - { at: 4s, run: { host: far, command: echo-own-text, timeout: 3s, env: { VARIABLE: its-value } } }
          - { at: 5s, kill: { host: gate, signal: TERM } }
          - { at: 6s, capture: { points: pc.eth0, snap: 100B } }
          - { at: 7s, stop: traffic }
        expect:
          - { metric: outage, max: 100ms, from: 1s, to: 9s, flow: pc>server/ipv4, text: said-so }
        """;

    private const string Ansible = """
        all:
          hosts:
            far: { ansible_host: 192.0.2.77, ansible_user: u1, ansible_port: 2201, ansible_ssh_private_key_file: key1, ansible_ssh_common_args: -J gate1, ansible_shell_executable: dash, ansible_become: yes, ansible_password: env:PW1, ansible_connection: ssh, failoverlab_role: extra, failoverlab_known_hosts: known1, failoverlab_agent: no }
          children:
            group1: { hosts: { far: } }
        """;

    private static IEnumerable<TestCaseData> Files() =>
    [
        new TestCaseData("hosts.yaml", Hosts).SetArgDisplayNames("hosts"),
        new TestCaseData("scenario.yaml", Scenario).SetArgDisplayNames("scenario"),
        new TestCaseData("ansible", Ansible).SetArgDisplayNames("ansible"),
    ];

    [Test]
    public void All_Strings_MoreThanFiveHundred() => Assert.That(InjectionStrings.All, Has.Count.GreaterThan(500).And.Unique);

    [TestCaseSource(nameof(Files))]
    public void Load_EveryStringInEveryField_RefusedWithItsPlaceOrInert(string file, string text)
    {
        using var files = new LabFiles(Scenario, Hosts);
        var topology = new TopologyReader(new DiagnosticBag()).Read(YamlReader.ReadFile(files["topology.yaml"], new DiagnosticBag()), files["topology.yaml"])!;
        var known = Sound(topology, files);
        var sound = Load(file, text, topology, files, known);
        Assert.That(sound.Faults, Is.Empty, "the file itself is sound");
        var shape = Shape(sound.Plan!);
        var fields = Fields(text).ToList();
        Assert.That(fields, Has.Count.GreaterThan(file == "ansible" ? 12 : 25));
        var (refused, inert) = (0, 0);
        foreach (var field in fields)
        {
            foreach (var hostile in InjectionStrings.All)
            {
                var (plan, faults) = Load(file, field.Replace(Hole, Quoted(hostile), StringComparison.Ordinal), topology, files, known);
                if (faults.Count > 0)
                {
                    refused++;
                    var homeless = faults.Where(f => f.Position.Line < 1 || f.Position.Column < 1 || f.Position.File.Length == 0).ToList();
                    Assert.That(homeless, Is.Empty, $"{Name(field)}: {hostile}");
                    continue;
                }

                inert++;
                CheckInert(plan!, hostile, shape, Name(field));
            }
        }

        TestContext.Out.WriteLine($"{fields.Count} fields x {InjectionStrings.All.Count} texts: {refused} refused, {inert} inert");
        Assert.That(refused, Is.GreaterThan(inert), "most fields take names, numbers and words only");
    }

    private static void CheckInert(object plan, string hostile, string shape, string field)
    {
        if (plan is RunPlan run)
        {
            // A text is one whole value, or stands in words for people; it is never cut in two or joined to an argument.
            Assert.That(Shape(run), Is.EqualTo(shape), $"{field}: {hostile}");
            return;
        }

        var inventory = (InventoryPlan)plan;
        // Arguments of ssh may be any of those allowed; every other field is one value and stays one.
        if (!field.Contains("ansible_ssh_common_args", StringComparison.Ordinal))
        {
            Assert.That(Shape(inventory), Is.EqualTo(shape), $"{field}: {hostile}");
        }

        var config = InventoryText.SshConfig(inventory).Split('\n');
        var keys = config.Select(l => l.TrimStart()).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ')[0]).ToList();
        Assert.That(keys.Except(Directives), Is.Empty, $"{field}: {hostile}");
        Assert.That(keys.Count(k => k == "Host"), Is.EqualTo(inventory.Hosts.Count(h => h.Ssh is not null) + 1), $"{field}: {hostile}");
        foreach (var ssh in inventory.Hosts.Select(h => h.Ssh).OfType<SshPlan>())
        {
            string?[] texts = [ssh.Address, ssh.User, ssh.Identity, ssh.ConfigFile, ssh.KnownHosts, ssh.Jump, ssh.Shell, .. ssh.Options.Select(o => o.ToString())];
            var dangerous = texts.OfType<string>().Where(t => t.Length == 0 || t[0] == '-' || t.Any(c => char.IsControl(c) || "%$`;|&<>\"'\\\n\u2028\u2029".Contains(c, StringComparison.Ordinal))).ToList();
            Assert.That(dangerous, Is.Empty, $"{field}: {hostile}");
        }
    }

    private static readonly string[] Directives = ["Host", "HostName", "User", "Port", "IdentityFile", "ProxyJump", "UserKnownHostsFile", "Include", .. SshOptions.Allowed];

    private static (object? Plan, IReadOnlyList<Diagnostic> Faults) Load(string file, string text, TopologyPlan topology, LabFiles files, Inventory known)
    {
        var bag = new DiagnosticBag();
        var root = YamlReader.Read(Encoding.UTF8.GetBytes(text), file == "scenario.yaml" ? files["scenario.yaml"] : files["hosts.yaml"], bag);
        if (file == "scenario.yaml")
        {
            var plan = new ScenarioReader(known, bag).Read(root, new ScenarioOverrides());
            return (bag.HasErrors ? null : plan, Errors(bag));
        }

        var config = file == "ansible" ? (AnsibleReader.IsInventory(root) ? new AnsibleReader(bag).Read(root) : null) : new HostsReader(bag).Read(root);
        if (config is null)
        {
            return (null, Errors(bag));
        }

        Inventory read;
        if (config.LabFile is null or "topology.yaml")
        {
            read = new InventoryReader(bag).Merge(config, config.LabFile is null ? null : topology);
        }
        else
        {
            // The name of another topology: looked for on the disk, as in a run.
            File.WriteAllText(files["hosts.yaml"], text);
            read = new InventoryReader(bag).Read(files["hosts.yaml"]);
            File.WriteAllText(files["hosts.yaml"], Hosts);
        }

        return (bag.HasErrors ? null : new InventoryPlan
        {
            File = "/hosts.yaml",
            Hosts = [.. read.Hosts],
            Groups = [.. read.Groups.Select(g => new GroupPlan(g.Key, [.. g.Value.Select(h => h.Name)]))],
            Links = read.RealLinks,
            Pve = read.Pve,
        }, Errors(bag));
    }

    private static Inventory Sound(TopologyPlan topology, LabFiles files)
    {
        var bag = new DiagnosticBag();
        return new InventoryReader(bag).Merge(new HostsReader(bag).Read(YamlReader.Read(Encoding.UTF8.GetBytes(Hosts), files["hosts.yaml"], bag)), topology);
    }

    private static IReadOnlyList<Diagnostic> Errors(DiagnosticBag bag) => [.. bag.Sorted().Where(d => d.Severity == Severity.Error)];

    /// <summary>The file once for each of its values, that value replaced by a hole.</summary>
    private static IEnumerable<string> Fields(string text)
    {
        for (var at = text.IndexOf(": ", StringComparison.Ordinal); at >= 0; at = text.IndexOf(": ", at + 1, StringComparison.Ordinal))
        {
            var start = at + 2;
            if (text[start] is '{' or '[' or '\n')
            {
                continue;
            }

            var end = text[start] == '"' ? text.IndexOf('"', start + 1) + 1 : start;
            while (end < text.Length && text[end] is not (',' or '\n' or '}') && text[start] != '"')
            {
                end++;
            }

            var value = text[start..end];
            yield return text[..start] + Hole + text[(start + value.TrimEnd().Length)..];
        }
    }

    /// <summary>A YAML text of any content.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c is '"' or '\\' ? $"\\{c}" : char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\uFEFF' ? $"\\u{(int)c:X4}" : c.ToString());
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>The plan without its values: kinds and keys, how many of each, and everything that is no text of the person's own.</summary>
    private static string Shape(object plan)
    {
        var lines = new List<string>();
        Walk(JsonNode.Parse(plan is RunPlan run ? PlanJson.Write(run) : PlanJson.Write((InventoryPlan)plan))!, "", lines);
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static void Walk(JsonNode? node, string path, List<string> lines)
    {
        switch (node)
        {
            case JsonObject mapping:
                foreach (var (key, value) in mapping)
                {
                    Walk(value, $"{path}/{key}", lines);
                }

                break;
            case JsonArray list:
                foreach (var (item, i) in list.Select((v, i) => (v, i)))
                {
                    Walk(item, $"{path}/{i}", lines);
                }

                break;
            default:
                lines.Add(path);
                break;
        }
    }

    private static string Name(string field)
    {
        var at = field.IndexOf(Hole, StringComparison.Ordinal);
        return field[Math.Max(0, at - 40)..at].Split('\n')[^1].Split(", ")[^1];
    }
}
