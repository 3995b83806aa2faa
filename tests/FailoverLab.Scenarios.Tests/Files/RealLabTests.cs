namespace FailoverLab.Scenarios.Tests;

/// <summary>Hosts reached by ssh, links of real labs and Proxmox VE endpoints, as the plan holds them.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class RealLabTests
{
    private const string Hosts = """
        version: 1
        ssh: { config: ssh_config, known_hosts: known_hosts, user: root, options: { serveraliveinterval: 2 } }
        hosts:
          pve: { address: 192.0.2.2, port: 2222, identity: ~/.ssh/lab, jump: "ops@gate.example.net:22,[2001:db8::1]", shell: /bin/dash, sudo: true, agent: no, password: env:LAB_PASSWORD }
          tg1: { user: student, options: { ServerAliveInterval: 5, Compression: no } }
          edge:
        links:
          one: { driver: netem, host: tg1, lan: eth1, wan: eth2, profile: { delay: 5ms } }
          two: { path: starlink, driver: wanulator, host: pve, vm: 103, password: env:WANULATOR_PASSWORD, lan: enp2s0f2, wan: enp2s0f3, router: csg780-r2 vni-0/1 }
          three: { driver: pve, vm: 101, net: 1, pve: lab }
        pve:
          lab: { url: "https://192.0.2.2", node: pve, token: file:pve.token }
        """;

    private const string Scenario = """
        version: 1
        name: real
        duration: 10s
        steps:
          - { at: 1s, degrade: { link: all, drop: true } }
          - { at: 2s, restore: [one, two, three] }
          - { at: 3s, run: "true", hosts: [tg1, edge] }
        expect:
          - { metric: start-skew, max: 5ms }
        """;

    [Test]
    public void Load_HostsOverSsh_OwnKeysBeforeThoseOfAll()
    {
        using var files = new LabFiles(Scenario, Hosts);
        var plan = Plan(files);
        var (pve, tg1, edge) = (Ssh(plan, "pve"), Ssh(plan, "tg1"), Ssh(plan, "edge"));
        Assert.Multiple(() =>
        {
            Assert.That((pve.Address, pve.User, pve.Port, pve.Identity, pve.Jump), Is.EqualTo(("192.0.2.2", "root", 2222, "~/.ssh/lab", "ops@gate.example.net:22,[2001:db8::1]")));
            Assert.That((pve.Shell, pve.Sudo, pve.Agent, pve.Password), Is.EqualTo(("/bin/dash", true, AgentUse.No, new SecretReference(SecretSource.Environment, "LAB_PASSWORD"))));
            Assert.That((tg1.User, tg1.Address, tg1.Shell, tg1.Sudo, tg1.Agent), Is.EqualTo(("student", (string?)null, "sh", false, AgentUse.Auto)));
            Assert.That(tg1.Options, Is.EqualTo(new[] { new SshOption("ServerAliveInterval", "5"), new SshOption("Compression", "no") }));
            Assert.That((edge.ConfigFile, edge.KnownHosts, edge.User), Is.EqualTo((files["ssh_config"], files["known_hosts"], "root")));
            Assert.That(plan.Hosts.Single(h => h.Name == "local").Transport, Is.EqualTo(HostTransport.Local), "the API of Proxmox VE is asked from here");
        });
    }

    [Test]
    public void Load_RealLinks_StepsNameThemAndTheirHostsPerform()
    {
        using var files = new LabFiles(Scenario, Hosts);
        var plan = Plan(files);
        Assert.Multiple(() =>
        {
            Assert.That(plan.Links.Select(l => (l.Name, l.Path, l.Driver, l.Host, l.Lan, l.Wan, l.VmId, l.Pve, l.Net, l.Serial)), Is.EqualTo(new (string, string, LinkDriver, string, string?, string?, int?, string?, int?, string?)[]
            {
                ("one", "one", LinkDriver.Netem, "tg1", "eth1", "eth2", null, null, null, null),
                ("two", "starlink", LinkDriver.Wanulator, "pve", "enp2s0f2", "enp2s0f3", 103, null, null, "/var/run/qemu-server/103.serial0"),
                ("three", "three", LinkDriver.Pve, "local", null, null, 101, "lab", 1, null),
            }));
            Assert.That(plan.Links[0].Profile.Delay, Is.EqualTo(TimeSpan.FromMilliseconds(5)));
            Assert.That(plan.Steps.Where(s => s.Action is LinkChangeStep).Select(s => (s.Host, ((LinkChangeStep)s.Action).Link)),
                Is.EqualTo(new[] { ("tg1", "one"), ("pve", "two"), ("local", "three"), ("tg1", "one"), ("pve", "two"), ("local", "three") }));
            Assert.That(plan.Pve, Is.EqualTo(new[] { new PvePlan { Name = "lab", Url = "https://192.0.2.2:8006", Node = "pve", Token = new SecretReference(SecretSource.File, files["pve.token"]) } }));
            Assert.That(plan.Topology, Is.Null);
            Assert.That(PlanJson.Write(PlanJson.Read(PlanJson.Write(plan))), Is.EqualTo(PlanJson.Write(plan)));
        });
    }

    [TestCase("driver: netem, host: tg1, lan: eth1", "lacks the key 'wan'")]
    [TestCase("driver: nett, host: tg1, lan: eth1, wan: eth2", "did you mean 'netem'?")]
    [TestCase("driver: netem, host: tg9, lan: eth1, wan: eth2", "there is no host 'tg9'")]
    [TestCase("driver: netem, host: tg1, lan: eth1, wan: eth1", "is an end of")]
    [TestCase("driver: netem, host: tg1, lan: eth1, wan: -x", "is not an interface name")]
    [TestCase("driver: pve, vm: 1, net: 1, pve: lap", "did you mean 'lab'?")]
    [TestCase("driver: pve, vm: 1, net: 1, pve: lab, host: tg1", "asked from this machine")]
    [TestCase("host: tg1, lan: eth1, wan: eth2", "does not say what changes it")]
    [TestCase("path: x", "a link of a real lab says what changes it with 'driver'")]
    [TestCase("driver: wanulator, host: pve, vm: 0, password: env:W", "out of range")]
    [TestCase("driver: wanulator, host: pve, vm: 101", "lacks the key 'password', which the driver 'wanulator' needs")]
    [TestCase("driver: wanulator, host: pve, vm: 101, password: hunter2", "write env:NAME")]
    [TestCase("driver: netem, host: tg1, lan: eth1, wan: eth2, password: env:W", "says nothing for the driver")]
    public void Load_FaultyLink_OneErrorWithItsCure(string link, string expected)
    {
        using var files = new LabFiles("version: 1\nname: x\nduration: 9s\nsteps:\n  - { at: 1s, run: x, hosts: tg1 }\n",
            Hosts.Replace("driver: netem, host: tg1, lan: eth1, wan: eth2, profile: { delay: 5ms }", link, StringComparison.Ordinal));
        var fault = files.Load().Diagnostics.Single();
        Assert.That($"{fault.Message} {fault.Hint}", Does.Contain(expected));
    }

    [Test]
    public void Load_SecretInTheFile_NotRepeatedInAnyMessage()
    {
        const string Canary = "s3cr3t-canary-77";
        using var files = new LabFiles(Scenario, Hosts.Replace("env:LAB_PASSWORD", Canary, StringComparison.Ordinal).Replace("file:pve.token", $"root@pam!x={Canary}", StringComparison.Ordinal));
        var faults = files.Load().Diagnostics;
        Assert.That(faults.Select(f => f.Code), Is.EqualTo(new[] { ScenarioCodes.SecretInFile, ScenarioCodes.SecretInFile }));
        Assert.That(string.Concat(faults), Does.Not.Contain(Canary));
    }

    [Test]
    public void TryRead_FileOthersCanRead_RefusedWithTheCommandThatCures()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "hush\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            var reference = new SecretReference(SecretSource.File, file);
            Assert.Multiple(() =>
            {
                Assert.That(reference.TryRead(out _, out var fault), Is.False);
                Assert.That(fault, Does.Contain("chmod 600").And.Not.Contain("hush"));
            });
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
            Assert.That(reference.TryRead(out var secret, out _) ? secret : null, Is.EqualTo("hush"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static RunPlan Plan(LabFiles files)
    {
        var result = files.Load();
        Assert.That(result.Diagnostics, Is.Empty);
        return result.Plan!;
    }

    private static SshPlan Ssh(RunPlan plan, string host) => plan.Hosts.Single(h => h.Name == host).Ssh!;
}
