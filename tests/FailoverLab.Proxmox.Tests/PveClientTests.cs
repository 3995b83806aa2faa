using System.Text;
using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>What the client asks and how it reads the answers.</summary>
public sealed class PveClientTests : FakeHostTests
{
    [Test]
    public async Task Version_OfAHost_IsRead()
    {
        var version = await Client().VersionAsync(None);
        Assert.That((version.Version, version.Release, version.Major), Is.EqualTo(("9.1.3", "9.1", 9)));
    }

    [Test]
    public async Task Node_NotNamed_IsTheOnlyOne() => Assert.That(await Client(Host.TokenEndpoint with { Node = null }).NodeAsync(None), Is.EqualTo("pve1"));

    [Test]
    public async Task Node_NotNamedAmongSeveral_IsAskedFor()
    {
        Host.Faults.Add(FakeFault.Body(r => r.Path == "/nodes", "application/json", """{"data":[{"node":"b","status":"online"},{"node":"a","status":"offline"}]}"""));
        var refused = await Thrown.ByAsync(() => Client(Host.TokenEndpoint with { Node = null }).NodeAsync(None));
        Assert.That(refused.Message, Does.Contain("2 nodes: a, b"));
    }

    [Test]
    public async Task Machines_OfANode_AreListedByNumber()
    {
        Host.Machines[103].IsRunning = false;
        Host.Machines[102].Lock = "backup";
        var machines = await Client().MachinesAsync("pve1", None);
        Assert.That(machines.Select(m => (m.Vmid, m.Name, m.IsRunning, m.Lock)), Is.EqualTo(new[]
        {
            (100, "router", true, null), (101, "wanulator-byu", true, null), (102, "wanulator-starlink-2", true, "backup"), (103, "wanulator-starlink-1", false, (string?)null),
        }));
        Assert.That(machines[0].Uptime, Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task Permissions_OfAToken_AreByObject()
    {
        Host.Missing.Add("VM.Console");
        var granted = await Client().PermissionsAsync(None);
        Assert.That(granted["/vms"], Does.Contain("VM.Config.Network").And.Not.Contains("VM.Console"));
    }

    [Test]
    public async Task Power_OffOnAndReset_IsDoneWhenTheTaskHasEnded()
    {
        var (fake, machine) = (Host.Machines[101], Machine());
        await machine.StopAsync(None);
        Assert.That(fake.IsRunning, Is.False);
        Assert.That((await machine.StatusAsync(None)).IsRunning, Is.False);
        await machine.StartAsync(None);
        await machine.ResetAsync(None);
        var status = await machine.StatusAsync(None);
        Assert.That((status.IsRunning, status.RunState, status.HasAgent, status.Qemu, fake.Starts), Is.EqualTo((true, "running", true, "10.1.2", 3)));
        await machine.ShutdownAsync(TimeSpan.FromSeconds(60), isForced: true, None);
        Assert.That(Host.Requests.Last(r => r.Path.EndsWith("/shutdown", StringComparison.Ordinal)).Values.Select(v => $"{v.Key}={v.Value}"), Is.EquivalentTo(new[] { "timeout=60", "forceStop=1" }));
    }

    [Test]
    public async Task Snapshot_TakenAndGoneBackTo_RestoresTheConfiguration()
    {
        var (fake, machine) = (Host.Machines[101], Machine());
        await machine.TakeSnapshotAsync("before-run", "for a run", isWithMemory: false, None);
        var before = fake.Config["net0"];
        fake.Config["net0"] = before + ",link_down=1";
        Assert.That((await machine.SnapshotsAsync(None)).Select(s => s.Name), Is.EqualTo(new[] { "before-run" }));
        await machine.RollBackAsync("before-run", isStarted: true, None);
        Assert.That((fake.Config["net0"], fake.IsRunning), Is.EqualTo((before, true)));
        await machine.DeleteSnapshotAsync("before-run", None);
        Assert.That(await machine.SnapshotsAsync(None), Is.Empty);
    }

    [TestCase("current page")]
    [TestCase("-x")]
    [TestCase("a/../b")]
    [TestCase("x")]
    public async Task Snapshot_NamedAsPveWouldNot_IsRefusedUnsent(string name)
    {
        var refused = await Thrown.ByAsync(() => Machine().TakeSnapshotAsync(name, "", isWithMemory: false, None));
        Assert.That((refused.Fault, Host.Requests.Count), Is.EqualTo((PveFault.BadRequest, 0)));
    }

    [Test]
    public async Task SetNet_WithTheDigestRead_ChangesOnlyThatCard()
    {
        var (fake, machine) = (Host.Machines[101], Machine());
        var before = fake.Config.ToDictionary();
        var config = await machine.ConfigAsync(None);
        await machine.SetNetAsync(0, config.Nets[0].WithLinkDown(isDown: true), config.Digest, None);
        before["net0"] += ",link_down=1";
        Assert.That(fake.Config, Is.EquivalentTo(before));
        Assert.That((config.Name, config.HasSerial(0), config.HasSerial(1), config.Nets.Count), Is.EqualTo(("wanulator-byu", true, false, 2)));
    }

    [Test]
    public async Task SetNet_AfterSomebodyElse_IsToldApart()
    {
        var (fake, machine) = (Host.Machines[101], Machine());
        var config = await machine.ConfigAsync(None);
        fake.Config["memory"] = "2048";
        var refused = await Thrown.ByAsync(() => machine.SetNetAsync(0, config.Nets[0].WithLinkDown(isDown: true), config.Digest, None));
        Assert.That((refused.Fault, refused.Status, fake.Config["net0"]), Is.EqualTo((PveFault.Modified, 500, config.Nets[0].Text)));
    }

    [Test]
    public async Task Exec_InAGuest_GetsItsArgumentsWholeAndItsOutputAsItWas()
    {
        IReadOnlyList<string>? seen = null;
        Host.Machines[101].Agent = (arguments, input) =>
        {
            seen = [.. arguments, input];
            return (3, Encoding.UTF8.GetBytes("état: ✓\n"), [0xFF, 0xFE]);
        };
        var result = await Machine().ExecAsync(["sh", "-c", "echo $0; a=b&c", "ü\n"], "in\nput", TimeSpan.FromSeconds(5), None);
        Assert.That(seen, Is.EqualTo(new[] { "sh", "-c", "echo $0; a=b&c", "ü\n", "in\nput" }));
        Assert.That((result.Status, result.Output, result.Error, result.IsTruncated), Is.EqualTo((3, "état: ✓\n", "\u00FF\u00FE", false)));
    }

    [Test]
    public async Task Exec_OfAProgramThatIsKilledAndPrintsMuch_SaysBoth()
    {
        Host.Machines[101].Agent = (_, _) => (137, new byte[5000], []);
        var result = await Machine().ExecAsync(["yes"], null, TimeSpan.FromSeconds(5), None);
        Assert.That((result.Status, result.Output.Length, result.IsTruncated), Is.EqualTo((137, 1000, true)));
    }

    [Test]
    public async Task Exec_WithoutAnAgent_IsToldApart()
    {
        var refused = await Thrown.ByAsync(() => Machine().ExecAsync(["true"], null, TimeSpan.FromSeconds(5), None));
        Assert.That((refused.Fault, refused.Hint), Is.EqualTo((PveFault.NoAgent, "install qemu-guest-agent in the guest, or use its serial console")));
    }
}
