using System.Text.Json;
using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Proxmox;
using FailoverLab.Proxmox.Testing;
using FailoverLab.Scenarios;

namespace FailoverLab.PveDriver.Tests;

/// <summary>The driver against the fake host: changed, read back, undone, and what others do meanwhile.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PveLinkDriverTests : IAsyncDisposable
{
    private static readonly LinkChange Down = new() { Carrier = false };

    private FakePve _host = null!;
    private PveLinkDriver _driver = null!;
    private string _before = "";

    private static CancellationToken None => CancellationToken.None;

    private string Card => _host.Machines[103].Config["net1"];

    [SetUp]
    public async Task Start()
    {
        _host = await FakePve.StartAsync();
        var link = new LinkPlan { Name = "starlink-1", Path = "starlink-1", Driver = LinkDriver.Pve, Host = "here", VmId = 103, Pve = "fake", Net = 1, Profile = new LinkChange() };
        _driver = new PveLinkDriver(link, new PveClient(_host.TokenEndpoint with { Timeout = TimeSpan.FromSeconds(5) }, _host.Time), ["/opt/failoverlab"], "/etc/lab/hosts.yaml", _host.Time);
        _before = Card;
    }

    [TearDown]
    public void Everything_Asked_IsInThePublishedApi() => Assert.That(_host.SchemaFaults, Is.Empty);

    public async ValueTask DisposeAsync()
    {
        await _driver.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Apply_OfAPulledPlug_ChangesThatKeyOnlyAndUndoPutsItBack()
    {
        var snapshot = JsonSerializer.Deserialize<LinkSnapshot>(JsonSerializer.Serialize(await _driver.SnapshotAsync(None)))!;
        var applied = await _driver.ApplyAsync(LinkDirection.Both, Down, None);
        Assert.That(_host.Requests.Last(r => r.Method == "PUT")["net1"], Is.EqualTo(_before + ",link_down=1"), "byte for byte what it was, and one key more");
        Assert.That(NetDevice.Parse(Card)!.IsLinkDown);
        Assert.That((applied.Words, applied.Up, applied.Down), Is.EqualTo(("net1 of machine 103: plug pulled, no rate limit", new LinkChange { Carrier = false, Rate = LinkChange.Unlimited }, applied.Up)));
        Assert.That(applied.NotBeforeRealtimeNs, Is.LessThan(applied.AtRealtimeNs));
        var undone = await _driver.UndoAsync(snapshot, None);
        Assert.That((undone.Words, NetDevice.Parse(Card)!.Sorted), Is.EqualTo(("as before: net1 of machine 103: plugged in, no rate limit", NetDevice.Parse(_before)!.Sorted)));
        Assert.That(_host.Machines[103].Config["net0"], Is.EqualTo("virtio=BC:24:11:00:00:0D,bridge=vmbr4,firewall=1"));
    }

    [Test]
    public async Task Snapshot_OfACard_HoldsCommandsAPersonCanRun()
    {
        var snapshot = await _driver.SnapshotAsync(None);
        Assert.That(snapshot.Undo.Single().Arguments, Is.EqualTo(new[] { "/opt/failoverlab", "pve", "net", "fake", "103", "net1", "--hosts", "/etc/lab/hosts.yaml", "--set", _before }));
        Assert.That(snapshot.Checks.Single().Command.Arguments[^1], Is.EqualTo("--sorted"));
        Assert.That((snapshot.Checks.Single().Expected, snapshot.State, snapshot.Host, snapshot.Kind), Is.EqualTo((NetDevice.Parse(_before)!.Sorted, _before, "here", "pve")));
        Assert.That(_host.Requests.Where(r => r.Method != "GET"), Is.Empty);
    }

    [Test]
    public async Task Apply_OfARate_IsBothDirectionsAndComesBack()
    {
        var snapshot = await _driver.SnapshotAsync(None);
        var applied = await _driver.ApplyAsync(LinkDirection.Both, new LinkChange { Rate = new DataRate(20_000_000) }, None);
        Assert.That(Card, Does.Contain("rate=2.384186"));
        Assert.That(applied.Up!.Rate!.Value.BitsPerSecond, Is.EqualTo(20_000_000).Within(8));
        await _driver.ApplyAsync(LinkDirection.Both, new LinkChange { Rate = LinkChange.Unlimited, Carrier = true }, None);
        Assert.That(Card, Does.Not.Contain("rate"));
        await _driver.UndoAsync(snapshot, None);
        Assert.That(NetDevice.Parse(Card)!.Sorted, Is.EqualTo(NetDevice.Parse(_before)!.Sorted));
    }

    [Test]
    public async Task Apply_OfARateInOneDirection_IsRefused()
    {
        var refused = await StepFault(() => _driver.ApplyAsync(LinkDirection.Up, new LinkChange { Rate = new DataRate(1_000_000) }, None));
        Assert.That(refused, Does.Contain("limits both directions"));
        Assert.That(Card, Is.EqualTo(_before));
    }

    [Test]
    public async Task Apply_WhatIsAlreadySo_WritesNothing()
    {
        await _driver.ApplyAsync(LinkDirection.Both, new LinkChange { Carrier = true }, None);
        Assert.That(_host.Requests.Any(r => r.Method == "PUT"), Is.False);
    }

    [Test]
    public async Task Apply_WhileSomebodyElseWrites_IsDoneOnTopOfTheirs()
    {
        _host.Faults.Add(new FakeFault(r => Meddle(r.Method == "PUT", "memory", "4096"), _ => Task.CompletedTask));
        await _driver.ApplyAsync(LinkDirection.Both, Down, None);
        Assert.That((_host.Machines[103].Config["memory"], NetDevice.Parse(Card)!.IsLinkDown), Is.EqualTo(("4096", true)));
        Assert.That(_host.Requests.Count(r => r.Method == "PUT"), Is.EqualTo(2));
    }

    [Test]
    public async Task Apply_WhoseAnswerIsLost_IsReadBack()
    {
        _host.Faults.Add(FakeFault.Cut(r => r.Method == "PUT", isAfter: true));
        var applied = await _driver.ApplyAsync(LinkDirection.Both, Down, None);
        Assert.That((applied.Up!.Carrier, _host.Requests.Count(r => r.Method == "PUT")), Is.EqualTo((false, 1)));
    }

    [Test]
    public async Task Apply_ThatIsLostItself_IsSaidToHaveFailed()
    {
        _host.Faults.Add(FakeFault.Cut(r => r.Method == "PUT"));
        var refused = await StepFault(() => _driver.ApplyAsync(LinkDirection.Both, Down, None));
        Assert.That(refused, Does.StartWith("link starlink-1: net1 of machine 103 is not as asked: link_down absent here, link_down=1 asked (fake: PUT"));
    }

    [Test]
    public async Task Apply_ThatIsTakenAndNotDone_IsSaidToHaveFailed()
    {
        _host.Machines[103].KeepsNets = true;
        Assert.That(await StepFault(() => _driver.ApplyAsync(LinkDirection.Both, Down, None)), Does.Contain("is not as asked"));
    }

    [Test]
    public async Task Apply_ToALockedMachine_SaysSo()
    {
        _host.Machines[103].Lock = "backup";
        Assert.That(await StepFault(() => _driver.ApplyAsync(LinkDirection.Both, Down, None)), Does.Contain("VM is locked (backup) (wait for the task"));
    }

    [Test]
    public async Task Undo_AfterSomebodyMovedTheCard_UndoesOursAndSaysWhatDiffers()
    {
        var snapshot = await _driver.SnapshotAsync(None);
        await _driver.ApplyAsync(LinkDirection.Both, Down, None);
        Meddle(isNow: true, "net1", Card.Replace("vmbr8", "vmbr9", StringComparison.Ordinal));
        var refused = await StepFault(() => _driver.UndoAsync(snapshot, None));
        Assert.That(refused, Does.Contain("bridge=vmbr9 here, bridge=vmbr8 before, which this run did not change"));
        Assert.That(NetDevice.Parse(Card)!.IsLinkDown, Is.False);
        Assert.That(Card, Does.Contain("vmbr9"));
    }

    [Test]
    public async Task Undo_Twice_IsTheSame()
    {
        var snapshot = await _driver.SnapshotAsync(None);
        await _driver.ApplyAsync(LinkDirection.Both, Down, None);
        await _driver.UndoAsync(snapshot, None);
        await _driver.UndoAsync(snapshot, None);
        Assert.That(_host.Requests.Count(r => r.Method == "PUT"), Is.EqualTo(2));
    }

    [Test]
    public async Task Undo_ToAPluggedOutCard_KeepsItSo()
    {
        Meddle(isNow: true, "net1", _before + ",link_down=1,rate=1.50");
        var snapshot = await _driver.SnapshotAsync(None);
        await _driver.ApplyAsync(LinkDirection.Both, new LinkChange { Carrier = true, Rate = LinkChange.Unlimited }, None);
        await _driver.UndoAsync(snapshot, None);
        var now = NetDevice.Parse(Card)!;
        Assert.That((now.IsLinkDown, now.Rate), Is.EqualTo((true, 1.5m)));
    }

    [Test]
    public void Snapshot_OfAStoppedMachine_IsRefused()
    {
        _host.Machines[103].IsRunning = false;
        Assert.That(async () => await _driver.SnapshotAsync(None), Throws.InstanceOf<StepHostException>().With.Message.Contains("does not run"));
    }

    [Test]
    public void Snapshot_OfACardThatIsNot_NamesThoseThatAre()
    {
        _host.Machines[103].Config.Remove("net1");
        Assert.That(async () => await _driver.SnapshotAsync(None), Throws.InstanceOf<StepHostException>().With.Message.Contains("has no net1 (it has net0)"));
    }

    [Test]
    public void CannotDo_WhatACardHasNot_IsNamedOneByOne()
    {
        Assert.That(_driver.CannotDo(new LinkChange { Carrier = false, Rate = new DataRate(1_000_000) }), Is.Empty);
        Assert.That(_driver.CannotDo(new LinkChange { Drop = false, Loss = new Ratio(0), Delay = TimeSpan.Zero, Jitter = TimeSpan.Zero, Rate = LinkChange.Unlimited }), Is.Empty, "asks for nothing");
        Assert.That(_driver.CannotDo(LinkChange.Good), Is.Empty, "as `restore` asks");
        Assert.That(_driver.CannotDo(new LinkChange { Drop = true, Loss = new Ratio(0.1), Delay = TimeSpan.FromMilliseconds(5), Rate = new DataRate(9600) }), Has.Count.EqualTo(4));
    }

    [Test]
    public void Endpoints_OfAPlan_HaveNoFaults()
    {
        var token = PveEndpoints.Of(new PvePlan { Name = "lab", Url = "https://192.0.2.2:8006", Node = "pve", Token = new SecretReference(SecretSource.Environment, "PVE_TOKEN"), Fingerprint = PveFingerprint.Of(_host.Certificate).ToString() });
        var password = PveEndpoints.Of(new PvePlan { Name = "lab", Url = "https://192.0.2.2:8006", User = "root@pam", Password = new SecretReference(SecretSource.File, "/etc/lab/secret"), CaFile = "/etc/lab/ca.pem" });
        Assert.That(token.Faults().Concat(password.Faults()), Is.Empty);
        Assert.That((token.TokenSecret!.Reference, token.Fingerprint, password.Password!.Reference), Is.EqualTo(("env:PVE_TOKEN", PveFingerprint.Of(_host.Certificate), "file:/etc/lab/secret")));
    }

    [Test]
    public void Endpoints_VariableTakenOutOfTheEnvironment_IsStillRead()
    {
        const string variable = "FAKE_PVE_WITHDRAWN";
        Environment.SetEnvironmentVariable(variable, FakePve.TokenSecret);
        var endpoint = PveEndpoints.Of(new PvePlan { Name = "lab", Url = "https://192.0.2.2:8006", Token = new SecretReference(SecretSource.Environment, variable) });
        var none = PveEndpoints.Of(new PvePlan { Name = "lab", Url = "https://192.0.2.2:8006", Token = new SecretReference(SecretSource.Environment, "FAKE_PVE_NEVER_SET") });
        LabSecrets.Withdraw([], [new PvePlan { Name = "lab", Url = "https://192.0.2.2:8006", Token = new SecretReference(SecretSource.Environment, variable) }], []);

        Assert.That(Environment.GetEnvironmentVariable(variable), Is.Null);
        Assert.That(endpoint.TokenSecret!.Read(), Is.EqualTo(FakePve.TokenSecret));
        Assert.That(none.TokenSecret!.Read, Throws.InstanceOf<PveException>().With.Message.EqualTo("no secret at 'env:FAKE_PVE_NEVER_SET': the environment variable 'FAKE_PVE_NEVER_SET' is not set"));
    }

    private bool Meddle(bool isNow, string key, string value)
    {
        if (isNow)
        {
            _host.Machines[103].Config[key] = value;
        }

        return false;
    }

    private static async Task<string> StepFault(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (StepFailedException failed)
        {
            return failed.Message;
        }

        Assert.Fail("the step should have failed");
        return "";
    }
}
