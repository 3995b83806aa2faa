using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Inventories printed back: in our form, as Ansible's, and as an ssh_config that ssh itself reads.</summary>
public sealed class InventoryOutputTests
{
    private const string Odd = """
        version: 1
        ssh: { known_hosts: "known hosts", config: "my config" }
        hosts:
          "no": { address: "2001:db8::7", user: root, port: 2200, identity: "~/.ssh/a key", jump: "ops@gate.example.net:2222", options: { IPQoS: af21, ServerAliveInterval: 3 } }
          "0123": { sudo: true, shell: /bin/dash, agent: no, password: env:LAB_PASSWORD, role: traffic }
          here: { transport: local }
          192.0.2.9:
        groups:
          Both_Kinds: [here, "no"]
        links:
          wan: { path: "1", driver: emulator, host: "no", lan: eth0, wan: eth1, router: "csg: \"780\" #2", profile: { loss: { gilbert: { to-bad: 1%, to-good: 25% } }, delay: 12.5ms, jitter: 1ms, duplicate: 1%, rate: 20Mbit/s } }
          vm: { driver: pve, vm: 7, net: 0, pve: lab, profile: dsl.yaml }
        pve:
          lab: { url: "https://[2001:db8::2]:8006", token: file:token.txt, fingerprint: "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89" }
        """;

    [TestCaseSource(nameof(Sources))]
    public void Own_PrintedAndReadAgain_SameInventory(string hosts) => RoundTrip(hosts, InventoryText.Own);

    /// <summary>Only our own form has words for what a host has of a node.</summary>
    [Test]
    public void Own_HostsWithInterfacesAndStack_SameInventory()
    {
        using var stack = Files("version: 1");
        RoundTrip($$"""
            version: 1
            ssh: { agent_file: dist/program }
            hosts:
              router-1: { role: router, interfaces: { wan: ["203.0.113.66/28", "2001:db8:201::2/64"], core: }, stack: { program: router, config: {{stack["hosts.yaml"]}} } }
            """, InventoryText.Own);
    }

    [TestCaseSource(nameof(Sources))]
    public void Ansible_PrintedAndReadAgain_SameInventory(string hosts) => RoundTrip(hosts, InventoryText.Ansible);

    [Test]
    public void Ansible_Printed_OnlyGroupsHostsChildrenAndVariables()
    {
        using var files = Files(Odd);
        var lines = InventoryText.Ansible(Load(files["hosts.yaml"])).TrimEnd('\n').Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Is.EqualTo("all:"));
            Assert.That(lines.Where(l => l.StartsWith("  ", StringComparison.Ordinal) && l[2] != ' '), Is.EqualTo(new[] { "  hosts:", "  children:", "  vars:" }));
            Assert.That(lines, Does.Contain("    \"no\":").And.Contain("    \"0123\":").And.Contain("      ansible_password: \"{{ lookup('env', 'LAB_PASSWORD') }}\""));
            Assert.That(lines.TakeWhile(l => l != "  vars:").Where(l => l.StartsWith("      ", StringComparison.Ordinal) && l[6] != ' ').Select(l => l.Trim().Split(':')[0]),
                Has.All.Matches((string? k) => k is "hosts" || k!.StartsWith("ansible_", StringComparison.Ordinal) || k!.StartsWith("failoverlab_", StringComparison.Ordinal)));
        });
    }

    [Test]
    public void SshConfig_Printed_SshUnderstandsItAsThePlanSays()
    {
        if (!File.Exists("/usr/bin/ssh"))
        {
            Assert.Ignore("no /usr/bin/ssh to ask");
        }

        using var files = Files(Odd);
        File.WriteAllText(files["my config"], "Host 192.0.2.9\n    User from-include\n    Port 77\n");
        File.WriteAllText(files["printed"], InventoryText.SshConfig(Load(files["hosts.yaml"])));
        var (no, bare) = (Ask(files["printed"], "no"), Ask(files["printed"], "192.0.2.9"));
        Assert.Multiple(() =>
        {
            Assert.That((no["hostname"], no["user"], no["port"], no["proxyjump"], no["serveraliveinterval"]), Is.EqualTo(("2001:db8::7", "root", "2200", "ops@gate.example.net:2222", "3")));
            Assert.That(no["identityfile"], Does.EndWith("/.ssh/a key"));
            Assert.That(no["userknownhostsfile"], Is.EqualTo(files["known hosts"]));
            Assert.That((bare["user"], bare["port"]), Is.EqualTo(("from-include", "77")), "the lab's own ssh_config is included");
        });
    }

    [Test]
    public void Load_SeedLab_LinkMapAsOnItsWall()
    {
        var plan = Load(Path.Combine(Repository.Root, "lab", "seed-lab.hosts.yaml"));
        Assert.Multiple(() =>
        {
            Assert.That(plan.Links.Select(l => (l.Name, l.VmId, l.Lan, l.Wan, l.Router, l.Host, l.Serial)), Is.EqualTo(new (string, int?, string?, string?, string?, string, string?)[]
            {
                ("byu", 101, "enp1s0f2", "enp1s0f3", "CSG780-R2 vni-0/0.0", "pve", "/var/run/qemu-server/101.serial0"),
                ("starlink-1", 103, "enp2s0f2", "enp2s0f3", "CSG780-R2 vni-0/1.0", "pve", "/var/run/qemu-server/103.serial0"),
                ("starlink-2", 102, "enp2s0f0", "enp2s0f1", "CSG780-R2 vni-0/2.0", "pve", "/var/run/qemu-server/102.serial0"),
            }));
            Assert.That(plan.Hosts, Has.All.Property(nameof(HostPlan.Transport)).EqualTo(HostTransport.Ssh));
            Assert.That(plan.Pve.Single().Token, Is.EqualTo(new SecretReference(SecretSource.Environment, "PVE_TOKEN")));
        });
    }

    [Test]
    public void LinkMap_EmbeddedLab_EveryLinkWithItsVirtualMachine()
    {
        var map = InventoryText.LinkMap(Load(Repository.Hosts));
        Assert.That(map.Select(r => $"{r[0]} {r[3]}"), Is.EqualTo(new[] { "link on", "byu wan-101 (vm 101)", "starlink-1 wan-103 (vm 103)", "starlink-2 wan-102 (vm 102)" }));
        Assert.That(map.Select(r => r.Count).Distinct().ToList(), Has.Count.EqualTo(1));
    }

    private static IEnumerable<TestCaseData> Sources() =>
    [
        new TestCaseData(Odd).SetArgDisplayNames("odd names"),
        new TestCaseData(LabFiles.SoundHosts).SetArgDisplayNames("embedded lab"),
        new TestCaseData(File.ReadAllText(Path.Combine(Repository.Root, "lab", "seed-lab.hosts.yaml"))).SetArgDisplayNames("seed lab"),
        new TestCaseData("version: 1\nhosts: [a, b-2]\n").SetArgDisplayNames("bare aliases"),
    ];

    /// <summary>The files, and beside them a profile that differs each way.</summary>
    private static LabFiles Files(string hosts)
    {
        var files = new LabFiles(hosts: hosts);
        File.Copy(Path.Combine(Repository.Root, "lab", "profiles", "dsl.yaml"), files["dsl.yaml"]);
        return files;
    }

    private static void RoundTrip(string hosts, Func<InventoryPlan, string> print)
    {
        using var files = Files(hosts);
        var first = Load(files["hosts.yaml"]);
        var text = print(first);
        File.WriteAllText(files["hosts.yaml"], text);
        Assert.That(Portable(Load(files["hosts.yaml"])), Is.EqualTo(Portable(first)), text);
    }

    /// <summary>Groups and hosts are compared by name, since only their order may differ.</summary>
    private static string Portable(InventoryPlan plan) => JsonNode.Parse(InventoryText.Json(plan))!.ToJsonString();

    private static InventoryPlan Load(string path)
    {
        var result = InventoryLoader.Load(path);
        Assert.That(result.Diagnostics, Is.Empty);
        return result.Plan!;
    }

    private static Dictionary<string, string> Ask(string config, string host)
    {
        using var ssh = Process.Start(new ProcessStartInfo("/usr/bin/ssh", ["-G", "-F", config, "--", host]) { RedirectStandardOutput = true })!;
        var text = ssh.StandardOutput.ReadToEnd();
        ssh.WaitForExit();
        Assert.That(ssh.ExitCode, Is.Zero);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', 2)).GroupBy(l => l[0]).ToDictionary(g => g.Key, g => g.First().ElementAtOrDefault(1) ?? "");
    }
}
