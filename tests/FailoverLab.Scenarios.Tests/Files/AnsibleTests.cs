namespace FailoverLab.Scenarios.Tests;

/// <summary>Ansible inventories in YAML, as people have them.</summary>
public sealed class AnsibleTests
{
    private const string Lab = """
        all:
          vars:
            ansible_user: root
            ansible_ssh_common_args: '-o StrictHostKeyChecking=accept-new -J ops@gate.example.net'
            ansible_python_interpreter: "{{ venv }}/bin/python"
            some_port: 80
            failoverlab:
              links:
                one: { driver: netem, host: web01, lan: eth1, wan: eth2 }
          hosts:
            lone:
          children:
            web:
              hosts:
                web[01:03]:
                  ansible_port: 2222
                web02:
                  ansible_host: 192.0.2.2
                  ansible_user: special
              vars: { ansible_user: www, ansible_become: yes }
            db:
              hosts:
                db-[a:c].example.net:
                  ansible_ssh_private_key_file: ~/.ssh/db
                  ansible_password: "{{ lookup('env', 'DB_PASSWORD') }}"
            deep:
              children:
                web:
                here_:
                  hosts:
                    me: { ansible_connection: local }
              vars: { ansible_user: deep, ansible_ssh_common_args: "-o ProxyCommand=\"ssh -W %h:%p -q jump@198.51.100.7\"" }
        """;

    [Test]
    public void Load_GroupsRangesAndVariables_TheNearestWins()
    {
        var plan = Read(Lab);
        Assert.Multiple(() =>
        {
            Assert.That(plan.Hosts.Select(h => h.Name), Is.EqualTo(new[] { "lone", "web01", "web02", "web03", "db-a.example.net", "db-b.example.net", "db-c.example.net", "me" }));
            Assert.That(Ssh(plan, "lone") is { User: "root", Jump: "ops@gate.example.net", Port: null, Sudo: false }, Is.True);
            Assert.That(Ssh(plan, "web01") is { User: "www", Jump: "jump@198.51.100.7", Port: 2222, Sudo: true, Address: null }, Is.True);
            Assert.That(Ssh(plan, "web02") is { User: "special", Port: 2222, Address: "192.0.2.2", Sudo: true }, Is.True);
            Assert.That(Ssh(plan, "web02").Options, Is.EqualTo(new[] { new SshOption("StrictHostKeyChecking", "accept-new") }));
            Assert.That(Ssh(plan, "db-b.example.net") is { Identity: "~/.ssh/db", Password: { Source: SecretSource.Environment, Name: "DB_PASSWORD" } }, Is.True);
            Assert.That(plan.Hosts.Single(h => h.Name == "me") is { Transport: HostTransport.Local, Ssh: null }, Is.True);
            Assert.That(plan.Groups.Select(g => $"{g.Name}: {string.Join(' ', g.Hosts)}"), Is.EqualTo(new[]
            {
                "web: web01 web02 web03", "db: db-a.example.net db-b.example.net db-c.example.net", "deep: web01 web02 web03 me", "here_: me",
            }));
            Assert.That(plan.Links.Single() is { Name: "one", Host: "web01", Driver: LinkDriver.Netem }, Is.True);
        });
    }

    [TestCase("ansible_password: hunter2", "FL1143", "env:NAME")]
    [TestCase("ansible_host: \"{{ ip }}\"", "FL1146", "template")]
    [TestCase("ansible_ssh_common_args: -o ProxyCommand=nc", "FL1141", "cannot be set here")]
    [TestCase("ansible_ssh_common_args: '-o StrictHostKeyChecking=no'", "FL1141", "would take any host key")]
    [TestCase("ansible_ssh_common_args: '-o UserKnownHostsFile=/dev/null'", "FL1141", "'known_hosts'")]
    [TestCase("ansible_ssh_common_args: '-R 80:localhost:80'", "FL1146", "is not taken")]
    [TestCase("ansible_ssh_common_args: '-o \"ProxyCommand=x'", "FL1027", "never closed")]
    [TestCase("ansible_ssh_executable: /tmp/x", "FL1146", "OpenSSH client")]
    [TestCase("ansible_become_password: env:X", "FL1146", "NOPASSWD")]
    [TestCase("ansible_connection: docker", "FL1026", "not one of")]
    [TestCase("ansible_user: -oProxyCommand=x", "FL1027", "user name")]
    [TestCase("ansible_winrm_port: 1", "FL1146", "passed over")]
    public void Load_VariableNotTaken_SaidWithPlaceAndCure(string variable, string code, string expected)
    {
        using var files = new LabFiles(hosts: $"all:\n  hosts:\n    a:\n      {variable}\n");
        var fault = InventoryLoader.Load(files["hosts.yaml"]).Diagnostics.Single();
        Assert.Multiple(() =>
        {
            Assert.That(fault.Code, Is.EqualTo(code));
            Assert.That($"{fault.Message} {fault.Hint}", Does.Contain(expected).And.Not.Contain("hunter2"));
            Assert.That((fault.Position.Line, fault.Position.Column), Is.EqualTo((4, code == "FL1146" && expected == "passed over" ? 7 : 9 + variable.IndexOf(':', StringComparison.Ordinal))).Or.EqualTo((4, 7)));
        });
    }

    [TestCase("a[1:3]", "a1 a2 a3")]
    [TestCase("a[08:11]", "a08 a09 a10 a11")]
    [TestCase("a[0:20:10].b", "a0.b a10.b a20.b")]
    [TestCase("[a:b][1:2]", "a1 a2 b1 b2")]
    [TestCase("a:2200", "a")]
    public void Load_Range_NamesInOrder(string key, string names)
    {
        Assert.That(Read($"g:\n  hosts:\n    \"{key}\":\n").Hosts.Select(h => h.Name), Is.EqualTo(names.Split(' ')));
    }

    [TestCase("a[3:1]", "FL1146")]
    [TestCase("a[1:99999999]", "FL1146")]
    [TestCase("a[1:b]", "FL1146")]
    [TestCase("a[1:3:0]", "FL1146")]
    [TestCase("a[0:999][0:999][0:999]", "FL1146")]
    [TestCase("a[1:2", "FL1027")]
    public void Load_RangeWithoutMeaning_OneError(string key, string code)
    {
        using var files = new LabFiles(hosts: $"g:\n  hosts:\n    \"{key}\":\n");
        Assert.That(InventoryLoader.Load(files["hosts.yaml"]).Diagnostics.Select(d => $"{d.Position.Line} {d.Code}"), Is.EqualTo(new[] { $"3 {code}" }));
    }

    [Test]
    public void Load_GroupThatIsItsOwnAncestor_EndsAndKeepsItsHosts()
    {
        var plan = Read("a: { children: { b: } }\nb: { children: { a: }, hosts: { x: } }\n");
        Assert.That(plan.Groups.Select(g => string.Join(' ', g.Hosts)), Is.EqualTo(new[] { "x", "x" }));
    }

    private static SshPlan Ssh(InventoryPlan plan, string host) => plan.Hosts.Single(h => h.Name == host).Ssh!;

    private static InventoryPlan Read(string text)
    {
        using var files = new LabFiles(hosts: text);
        var result = InventoryLoader.Load(files["hosts.yaml"]);
        Assert.That(result.Diagnostics, Is.Empty);
        return result.Plan!;
    }
}
