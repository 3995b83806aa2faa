using System.Text.Json.Nodes;

namespace FailoverLab.Cli.Tests;

/// <summary><c>inventory</c>, <c>hosts</c> and <c>doctor</c> as a script sees them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class InventoryCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-inventory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestCase("--json")]
    [TestCase("--ansible")]
    [TestCase("--ssh-config")]
    [TestCase("--links")]
    public async Task Inventory_SeedLab_EachFormOnStandardOutputAndNothingElse(string form)
    {
        var run = await CommandRun.OfAsync("inventory", "--hosts", SeedLab(), form);
        Assert.That((run.Status, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain(form is "--links" ? "enp2s0f3" : "192.0.2.2"));
    }

    [Test]
    public async Task Inventory_PrintedAndGivenBack_SameText()
    {
        var first = await CommandRun.OfAsync("inventory", "--hosts", SeedLab());
        var file = Path.Combine(_folder, "hosts.yaml");
        await File.WriteAllTextAsync(file, first.Output);
        Assert.That((await CommandRun.OfAsync("inventory", "--hosts", file)).Output, Is.EqualTo(first.Output));
    }

    [TestCase(2, "inventory", "--json", "--links")]
    [TestCase(2, "hosts", "clock", "--between", "5")]
    [TestCase(3, "inventory", "--hosts", "nowhere.yaml")]
    [TestCase(3, "doctor", "--host", "nobody")]
    [TestCase(3, "hosts", "check", "--hosts", "nowhere.yaml")]
    public async Task Run_WrongUse_ItsExitCodeAndNothingOnStandardOutput(int status, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments.Contains("--host") ? [.. arguments, "--hosts", SeedLab()] : arguments);
        Assert.That((run.Status, run.Output), Is.EqualTo((status, "")), run.Error);
        Assert.That(run.Error, Is.Not.Empty);
    }

    [Test]
    public async Task HostsCheck_NothingListens_OneLineWithStepAndFixAndExitFour()
    {
        if (!File.Exists("/usr/bin/ssh"))
        {
            Assert.Ignore("needs /usr/bin/ssh");
        }

        var file = Path.Combine(_folder, "hosts.yaml");
        await File.WriteAllTextAsync(file, "version: 1\nhosts:\n  gone: { address: 127.0.0.1, port: 1 }\n");
        var run = await CommandRun.OfAsync("hosts", "check", "--hosts", file, "--json");
        var finding = JsonNode.Parse(run.Output)!.AsArray().Single()!;
        Assert.That(run.Status, Is.EqualTo(4), run.Error);
        Assert.That(((string?)finding["host"], (string?)finding["check"], (string?)finding["status"]), Is.EqualTo(("gone", "port", "bad")));
        Assert.That((string?)finding["fix"], Is.Not.Empty);
    }

    [Test]
    public async Task Doctor_InventoryWithoutRemoteHosts_ChecksThisMachine()
    {
        var file = Path.Combine(_folder, "hosts.yaml");
        await File.WriteAllTextAsync(file, "version: 1\nhosts:\n  me: { transport: local }\n");
        var run = await CommandRun.OfAsync("doctor", "--hosts", file, "--out", _folder, "--json");
        var findings = JsonNode.Parse(run.Output)!.AsArray();
        Assert.That(findings.Select(f => (string?)f!["check"]), Is.SupersetOf(new[] { "inventory", "disk", "cores", "reports" }));
        Assert.That(run.Status, Is.EqualTo(findings.Any(f => (string?)f!["status"] == "bad") ? 4 : 0));
        Assert.That((await CommandRun.OfAsync("doctor", "--hosts", file, "--out", _folder)).Output, Does.Contain("GiB free"));
    }

    [Test]
    public async Task Inventory_SecretInTheFile_ItsLineIsNotPrinted()
    {
        const string Canary = "canary-7f3a";
        var file = Path.Combine(_folder, "hosts.yaml");
        await File.WriteAllTextAsync(file, $"version: 1\nhosts:\n  a: {{ password: {Canary}, prot: 22 }}\n");
        var run = await CommandRun.OfAsync("inventory", "--hosts", file);
        Assert.That(run.Status, Is.EqualTo(3));
        Assert.That(run.Error, Does.Contain("FL1143").And.Contain("FL1020").And.Not.Contain(Canary));
    }

    /// <summary>Secrets given by reference, then every file and every stream of a run looked through for them.</summary>
    [Test]
    public async Task Scenario_SecretsByReference_NowhereInWhatIsLeftBehind()
    {
        string[] canaries = ["canary-env-41c2", "canary-file-9d0e", "canary-token-77aa"];
        Environment.SetEnvironmentVariable("FL_CANARY_PASSWORD", canaries[0]);
        Environment.SetEnvironmentVariable("FL_CANARY_TOKEN", canaries[2]);
        var secret = Path.Combine(_folder, "host.secret");
        await File.WriteAllTextAsync(secret, canaries[1]);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(Path.Combine(_folder, "hosts.yaml"), """
            version: 1
            hosts:
              me: { transport: local }
              a: { password: env:FL_CANARY_PASSWORD }
              b: { password: file:host.secret }
            pve:
              lab: { url: "https://192.0.2.2", token: env:FL_CANARY_TOKEN }
            """);
        var scenario = Path.Combine(_folder, "scenario.yaml");
        await File.WriteAllTextAsync(scenario, "version: 1\nname: canary\nduration: 1s\nsteps:\n  - { at: 0s, hosts: me, run: env }\n");
        var (hosts, reports) = (Path.Combine(_folder, "hosts.yaml"), Path.Combine(_folder, "reports"));
        var said = new List<CommandRun>
        {
            await CommandRun.OfAsync("plan", scenario, "--hosts", hosts), await CommandRun.OfAsync("plan", scenario, "--hosts", hosts, "--json"),
            await CommandRun.OfAsync("inventory", "--hosts", hosts), await CommandRun.OfAsync("inventory", "--hosts", hosts, "--ansible"),
            await CommandRun.OfAsync("inventory", "--hosts", hosts, "--json"), await CommandRun.OfAsync("inventory", "--hosts", hosts, "--ssh-config"),
            await CommandRun.OfAsync("scenario", scenario, "--hosts", hosts, "--out", reports, "--json"),
        };
        var files = Directory.GetFiles(reports, "*", SearchOption.AllDirectories).Distinct().ToList();
        Assert.That(files.Select(Path.GetFileName), Is.SupersetOf(new[] { "plan.json", "events.ndjson", "hosts.yaml", "result.json", "report.html" }), said[^1].Error);
        Assert.That(files.Any(f => f.EndsWith(".out", StringComparison.Ordinal) && File.ReadAllText(f).Contains("PATH=", StringComparison.Ordinal)), "the step did print its environment");
        foreach (var canary in canaries)
        {
            Assert.That(files.Where(f => File.ReadAllText(f).Contains(canary, StringComparison.Ordinal)), Is.Empty);
            Assert.That(said.Where(s => (s.Output + s.Error).Contains(canary, StringComparison.Ordinal)), Is.Empty);
        }

        Assert.That(new Scenarios.SecretReference(Scenarios.SecretSource.Environment, "FL_CANARY_PASSWORD").TryRead(out var still, out _) ? still : null, Is.EqualTo(canaries[0]), "it can still be read where it is needed");
    }

    private static string SeedLab()
    {
        var root = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(root, "FailoverLab.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        return Path.Combine(root, "lab", "seed-lab.hosts.yaml");
    }
}
