using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Errors told apart, what is repeated and what is not.</summary>
public sealed class FaultTests : FakeHostTests
{
    [TestCase(500, "detected modified configuration - file changed by other user? Try again.", PveFault.Modified)]
    [TestCase(500, "checksum missmatch (file change by other user?)", PveFault.Modified)]
    [TestCase(412, "", PveFault.Modified)]
    [TestCase(500, "VM is locked (backup)", PveFault.Locked)]
    [TestCase(500, "can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout", PveFault.Locked)]
    [TestCase(500, "QEMU guest agent is not running", PveFault.NoAgent)]
    [TestCase(500, "Configuration file 'nodes/pve1/qemu-server/9.conf' does not exist", PveFault.NotFound)]
    [TestCase(500, "something else", PveFault.Server)]
    [TestCase(403, "Permission check failed", PveFault.Forbidden)]
    [TestCase(400, "Parameter verification failed.", PveFault.BadRequest)]
    [TestCase(501, "Method not implemented", PveFault.Server)]
    public async Task Error_WithItsTextBesideTheStatusOnly_IsToldApart(int status, string reason, PveFault fault)
    {
        Host.Faults.Add(FakeFault.Status(r => r.Method == "PUT", status, reason));
        var refused = await Thrown.ByAsync(() => Machine().SetNetAsync(0, NetDevice.Parse("virtio")!, new string('a', 40), None));
        Assert.That((refused.Fault, refused.Status), Is.EqualTo((fault, status)));
        Assert.That(refused.Message, Does.Contain(reason));
    }

    [Test]
    public async Task Error_WithABody_IsReadFromTheBodyFirst()
    {
        Host.Faults.Add(FakeFault.Body(
            r => r.Method == "PUT", "application/json", """{"data":null,"message":"Parameter verification failed.\n","errors":{"net0":"invalid format\u001b[31m - x","digest":"too long"}}""", 400));
        var refused = await Thrown.ByAsync(() => Machine().SetNetAsync(0, NetDevice.Parse("virtio")!, new string('a', 40), None));
        Assert.That(refused.Message, Is.EqualTo("PUT /nodes/pve1/qemu/101/config: 400 Parameter verification failed. (net0: invalid format [31m - x; digest: too long)"));
        Assert.That(refused.Parameters["digest"], Is.EqualTo("too long"));
    }

    [TestCase(595)]
    [TestCase(596)]
    [TestCase(503)]
    public async Task Read_ThroughAProxyThatFailsOnce_IsRepeated(int status)
    {
        Host.Faults.Add(FakeFault.Status(r => r.Path == "/version", status, "Connection timed out"));
        await Client().VersionAsync(None);
        Assert.That(Asked("GET", "/version"), Is.EqualTo(2));
    }

    [Test]
    public async Task Read_ThroughAProxyThatFails_IsGivenUpAfterThree()
    {
        Host.Faults.Add(FakeFault.Status(r => r.Path == "/version", 596, "Broken pipe") with { Times = 10 });
        var refused = await Thrown.ByAsync(() => Client().VersionAsync(None));
        Assert.That((refused.Fault, refused.Status, Asked("GET", "/version")), Is.EqualTo((PveFault.Proxy, 596, 3)));
    }

    [Test]
    public async Task Read_WhoseAnswerIsTorn_IsRepeated()
    {
        Host.Faults.Add(FakeFault.Torn(r => r.Path == "/version"));
        await Client().VersionAsync(None);
        Assert.That(Asked("GET", "/version"), Is.EqualTo(2));
    }

    [Test]
    public async Task Write_ThroughAProxyThatFails_IsNotRepeated()
    {
        Host.Faults.Add(FakeFault.Status(r => r.Method == "POST", 596, "Connection timed out"));
        var refused = await Thrown.ByAsync(() => Machine().ResetAsync(None));
        Assert.That((refused.Fault, Asked("POST", "/nodes/pve1/qemu/101/status/reset")), Is.EqualTo((PveFault.Proxy, 1)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Write_WhoseConnectionIsCut_IsNotRepeatedOnAnotherOne(bool isAfter)
    {
        var machine = Machine();
        await machine.StatusAsync(None);
        Host.Faults.Add(FakeFault.Cut(r => r.Method == "POST", isAfter));
        var refused = await Thrown.ByAsync(() => machine.ResetAsync(None));
        Assert.That((refused.Fault, Asked("POST", "/nodes/pve1/qemu/101/status/reset"), Host.Machines[101].Starts), Is.EqualTo((PveFault.Unreachable, 1, isAfter ? 2 : 1)));
    }

    [Test]
    public async Task Call_ThatIsNeverAnswered_EndsInTime()
    {
        Host.Faults.Add(FakeFault.Silence(_ => true));
        var refused = await Thrown.ByAsync(() => Machine(endpoint: Host.TokenEndpoint with { Timeout = TimeSpan.FromMilliseconds(300) }).ResetAsync(None));
        Assert.That((refused.Fault, refused.Hint), Is.EqualTo((PveFault.TimedOut, "whether it was carried out is not known; read it back")));
    }

    [Test]
    public async Task Call_ThatIsCancelled_EndsAsCancelled()
    {
        Host.Faults.Add(FakeFault.Silence(_ => true));
        using var cancelled = new CancellationTokenSource();
        var call = Client().VersionAsync(cancelled.Token);
        await cancelled.CancelAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Host_ThatIsNotThere_IsUnreachable()
    {
        var endpoint = Host.TokenEndpoint;
        await Host.DisposeAsync();
        var refused = await Thrown.ByAsync(() => Client(endpoint).VersionAsync(None));
        Assert.That((refused.Fault, refused.Hint), Is.EqualTo((PveFault.Unreachable, "is the host up, its port 8006 open, and the route there?")));
    }

    [Test]
    public async Task Host_WhoseNameIsNone_IsSaidSo()
    {
        var refused = await Thrown.ByAsync(() => Client(Host.TokenEndpoint with { Url = new Uri("https://nowhere.invalid:8006") }).VersionAsync(None));
        Assert.That((refused.Fault, refused.Message), Is.EqualTo((PveFault.Unreachable, "fake: the name 'nowhere.invalid' has no address")));
    }
}
