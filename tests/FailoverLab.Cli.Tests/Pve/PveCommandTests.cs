using System.Text.Json;
using FailoverLab.EmbeddedLab;
using FailoverLab.Proxmox;
using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Cli.Tests.Pve;

/// <summary><c>pve</c> against the fake host.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PveCommandTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-pve").FullName;
    private FakePve _host = null!;

    private string Fingerprint => PveFingerprint.Of(_host.Certificate).ToString();

    private string[] Address => [_host.Url.AbsoluteUri, "--fingerprint", Fingerprint, "--token", "env:FAKE_PVE_CLI", "--node", "pve1"];

    [SetUp]
    public async Task Start()
    {
        Environment.SetEnvironmentVariable("FAKE_PVE_CLI", $"{FakePve.Token}={FakePve.TokenSecret}");
        _host = await FakePve.StartAsync();
    }

    [TearDown]
    public async Task End()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Assert.That(_host.SchemaFaults, Is.Empty);
    }

    [Test]
    public async Task Trust_OfAHost_PrintsItsCertificateAndKeepsItsFingerprint()
    {
        var file = Path.Combine(_folder, "pve.trust");
        var (status, output, error) = await RunAsync("trust", _host.Url.AbsoluteUri, "--out", file);
        Assert.That(status, Is.Zero, error);
        Assert.That(output, Does.Contain($"fingerprint  {Fingerprint}").And.Contains("subject      CN=pve1.example, O=Fake").And.Contains("good for     pve1.example, localhost, 127.0.0.1"));
        Assert.That(_host.Requests, Is.Empty, "nothing is said to a host that is not trusted yet");
        Assert.That((await RunAsync("vms", _host.Url.AbsoluteUri, "--fingerprint", file, "--token", "env:FAKE_PVE_CLI", "--node", "pve1")).Status, Is.Zero);
        Assert.That((await RunAsync("trust", _host.Url.AbsoluteUri, "--out", file)).Status, Is.Zero, "the same again");
    }

    [Test]
    public async Task Trust_OfAnotherCertificateThanTheOneKept_DoesNotReplaceIt()
    {
        var file = Path.Combine(_folder, "pve.trust");
        using var other = FakePve.SelfSigned("other.example");
        await File.WriteAllTextAsync(file, PveFingerprint.Of(other).ToString());
        var (status, _, error) = await RunAsync("trust", _host.Url.AbsoluteUri, "--out", file);
        Assert.That((status, PveTrustFile.Read(file)), Is.EqualTo((4, PveFingerprint.Of(other))));
        Assert.That(error, Does.Contain($"holds another fingerprint: {PveFingerprint.Of(other)}"));
    }

    [TestCase("http://127.0.0.1:8006", 2)]
    [TestCase("https://127.0.0.1:1", 4)]
    public async Task Trust_OfNoHost_SaysWhy(string url, int status)
    {
        var (seen, output, error) = await RunAsync("trust", url);
        Assert.That((seen, output), Is.EqualTo((status, "")));
        Assert.That(error, Does.StartWith("error: "));
    }

    [Test]
    public async Task Machines_OfAHost_AreATableOrOneDocument()
    {
        _host.Machines[103].Config["net1"] += ",link_down=1";
        var (status, output, error) = await RunAsync(["vms", .. Address]);
        Assert.That(status, Is.Zero, error);
        Assert.That(output.Split('\n').Single(l => l.Contains("wanulator-byu", StringComparison.Ordinal)), Does.Match("101 +wanulator-byu +running +1h +net0 +vmbr2 +in"));
        Assert.That(output, Does.Match("net1 +vmbr8 vlan 7 +pulled"));
        var json = JsonDocument.Parse((await RunAsync(["vms", .. Address, "--json"])).Output).RootElement;
        var machines = json.GetProperty("machines");
        Assert.That(machines.EnumerateArray().Select(m => m.GetProperty("vmid").GetInt32()), Is.EqualTo(new[] { 100, 101, 102, 103 }));
        Assert.That(machines[3].GetProperty("nets")[1].GetProperty("linkDown").GetBoolean());
    }

    [Test]
    public async Task Machines_OfANameOfTheHostsFile_AreAskedOfIt()
    {
        var hosts = Path.Combine(_folder, "hosts.yaml");
        await File.WriteAllTextAsync(hosts, $$"""
            version: 1
            hosts:
              pve: { role: proxmox, address: 192.0.2.2 }
            pve:
              lab: { url: "{{_host.Url.GetLeftPart(UriPartial.Authority)}}", node: pve1, fingerprint: "{{Fingerprint}}", token: env:FAKE_PVE_CLI }
            """);
        var (status, output, error) = await RunAsync("vms", "lab", "--hosts", hosts);
        Assert.That(status, Is.Zero, error);
        Assert.That(output, Does.Contain("wanulator-starlink-1"));
        (status, _, error) = await RunAsync("vms", "lav", "--hosts", hosts);
        Assert.That((status, error.Contains("did you mean 'lab'?", StringComparison.Ordinal)), Is.EqualTo((2, true)));
    }

    [Test]
    public async Task Link_DownAndBack_LeavesTheCardAsItWas()
    {
        var before = (await RunAsync(["net", .. Address.Take(1), "103", "net1", "--sorted", .. Address.Skip(1)])).Output;
        var (status, output, error) = await RunAsync(["link", .. Address.Take(1), "103", "net1", "down", .. Address.Skip(1)]);
        Assert.That((status, output.Contains("link_down=1", StringComparison.Ordinal)), Is.EqualTo((0, true)), error);
        Assert.That(NetDevice.Parse(_host.Machines[103].Config["net1"])!.IsLinkDown);
        (status, _, error) = await RunAsync(["net", .. Address.Take(1), "103", "net1", "--set", before.Trim(), .. Address.Skip(1)]);
        Assert.That(status, Is.Zero, error);
        Assert.That((await RunAsync(["net", .. Address.Take(1), "103", "net1", "--sorted", .. Address.Skip(1)])).Output, Is.EqualTo(before));
    }

    [Test]
    public async Task Net_ToACardThatDiffersInMore_IsRefused()
    {
        var before = _host.Machines[103].Config["net1"];
        var (status, _, error) = await RunAsync(["net", .. Address.Take(1), "103", "net1", "--set", before.Replace("vmbr8", "vmbr1", StringComparison.Ordinal), .. Address.Skip(1)]);
        Assert.That((status, _host.Machines[103].Config["net1"]), Is.EqualTo((4, before)));
        Assert.That(error, Does.Contain("bridge=vmbr1 here, bridge=vmbr8 there"));
    }

    [Test]
    public async Task Status_OfATask_IsItsEndAndItsLog()
    {
        using var client = new PveClient(_host.TokenEndpoint, _host.Time);
        var task = (await client.Machine("pve1", 101).ResetAsync(CancellationToken.None)).Task;
        var (status, output, error) = await RunAsync(["status", .. Address.Take(1), task.Text, .. Address.Skip(1)]);
        Assert.That((status, output.Contains("qmreset 101 on pve1 by lab@pve", StringComparison.Ordinal)), Is.EqualTo((0, true)), error);
        Assert.That(output, Does.EndWith("TASK OK" + Environment.NewLine));
        Assert.That((await RunAsync(["status", .. Address.Take(1), "UPID:x", .. Address.Skip(1)])).Status, Is.EqualTo(2));
    }

    [TestCase("99", "net0", "VM is a number from 100")]
    [TestCase("-x", "net0", "VM")]
    [TestCase("101", "net32", "NET is one of net0 to net31")]
    [TestCase("101", "eth0", "NET is one of net0 to net31")]
    public async Task Link_ToNoCard_IsAUsageFault(string machine, string net, string says)
    {
        var (status, _, error) = await RunAsync(["link", .. Address.Take(1), machine, net, "down", .. Address.Skip(1)]);
        Assert.That(status, Is.EqualTo(2));
        Assert.That(error, Does.Contain(says));
        Assert.That(_host.Requests, Is.Empty);
    }

    [Test]
    public async Task Secret_OnTheCommandLine_IsRefusedAndNotRepeated()
    {
        var (status, output, error) = await RunAsync("vms", _host.Url.AbsoluteUri, "--fingerprint", Fingerprint, "--token", $"{FakePve.Token}={FakePve.TokenSecret}");
        Assert.That(status, Is.EqualTo(2));
        Assert.That(error + output, Does.Contain("never written on a command line").And.Not.Contains(FakePve.TokenSecret));
    }

    [Test]
    public async Task Host_ThatIsNotTheOneTrusted_IsRefusedWithBothFingerprints()
    {
        using var other = FakePve.SelfSigned("other.example");
        var (status, output, error) = await RunAsync("vms", _host.Url.AbsoluteUri, "--fingerprint", PveFingerprint.Of(other).ToString(), "--token", "env:FAKE_PVE_CLI");
        Assert.That((status, output), Is.EqualTo((4, "")));
        Assert.That(error, Does.Contain(Fingerprint).And.Contains(PveFingerprint.Of(other).ToString()));
    }

    private static async Task<(int Status, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var status = await CommandLine.RunAsync(["pve", .. arguments], new CommandContext
        {
            In = () => TextReader.Null,
            Out = output,
            OpenOut = () => Stream.Null,
            Error = error,
            IsOutTerminal = false,
            IsErrorTerminal = false,
            Width = () => 160,
            Self = SelfCommand.Of(typeof(PveCommandTests).Assembly),
            Time = TimeProvider.System,
        });
        return (status, output.ToString(), error.ToString());
    }
}
