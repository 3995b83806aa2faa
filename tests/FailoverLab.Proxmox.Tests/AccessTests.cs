using System.Security.Cryptography.X509Certificates;
using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Who is asked and who asks: certificates, tokens, tickets.</summary>
public sealed class AccessTests : FakeHostTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-pve").FullName;

    [TearDown]
    public void EndFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Trust_OfAnotherFingerprint_StopsBeforeAnythingIsSaid()
    {
        using var other = FakePve.SelfSigned("pve1.example");
        var refused = await Thrown.ByAsync(() => Client(Host.TokenEndpoint with { Fingerprint = PveFingerprint.Of(other) }).VersionAsync(None));
        Assert.That(refused.Fault, Is.EqualTo(PveFault.Untrusted));
        Assert.That(refused.Message, Does.Contain(PveFingerprint.Of(other).ToString()).And.Contains(PveFingerprint.Of(Host.Certificate).ToString()));
        Assert.That(refused.Hint, Does.Contain("pve trust https://127.0.0.1:"));
        Assert.That(Host.Requests, Is.Empty);
    }

    [Test]
    public async Task Trust_OfNothing_DoesNotAcceptASelfSignedCertificate()
    {
        var refused = await Thrown.ByAsync(() => Client(Host.TokenEndpoint with { Fingerprint = null }).VersionAsync(None));
        Assert.That((refused.Fault, Host.Requests.Count), Is.EqualTo((PveFault.Untrusted, 0)));
        Assert.That(refused.Message, Does.Contain("no authority of this system").And.Contains(PveFingerprint.Of(Host.Certificate).ToString()));
    }

    [Test]
    public async Task Trust_OfAnAuthority_AcceptsWhatItSigned() =>
        Assert.That((await Client(Host.TokenEndpoint with { Fingerprint = null, CaFile = Pem(Host.Certificate) }).VersionAsync(None)).Major, Is.EqualTo(9));

    [Test]
    public async Task Trust_OfAnotherAuthority_IsRefused()
    {
        using var other = FakePve.SelfSigned("other.example");
        var refused = await Thrown.ByAsync(() => Client(Host.TokenEndpoint with { Fingerprint = null, CaFile = Pem(other) }).VersionAsync(None));
        Assert.That((refused.Fault, Host.Requests.Count), Is.EqualTo((PveFault.Untrusted, 0)));
        Assert.That(refused.Message, Does.Contain("does not vouch for its certificate"));
    }

    [Test]
    public async Task Trust_OfAnAuthorityForAnotherName_IsRefused()
    {
        await using var elsewhere = await FakePve.StartAsync("127.0.0.2");
        var refused = await Thrown.ByAsync(() => Client(elsewhere.TokenEndpoint with { Fingerprint = null, CaFile = Pem(elsewhere.Certificate) }).VersionAsync(None));
        Assert.That((refused.Fault, elsewhere.Requests.Count), Is.EqualTo((PveFault.Untrusted, 0)));
        Assert.That(refused.Message, Does.Contain("is for another name (CN=pve1.example"));
    }

    [TestCase("nothing here")]
    [TestCase(null)]
    public void Trust_OfAnAuthorityThatIsNone_IsRefused(string? text)
    {
        var file = Path.Combine(_folder, "ca.pem");
        if (text is not null)
        {
            File.WriteAllText(file, text);
        }

        var refused = Assert.Throws<PveException>(() => Client(Host.TokenEndpoint with { Fingerprint = null, CaFile = file }))!;
        Assert.That((refused.Fault, refused.Message.Contains(file, StringComparison.Ordinal)), Is.EqualTo((PveFault.Untrusted, true)));
    }

    [Test]
    public async Task Token_InEveryRequest_NeedsNoLoginAndNoCsrf()
    {
        await Machine().StopAsync(None);
        Assert.That(Host.Requests.Select(r => r.Headers.GetValueOrDefault("Authorization")), Is.All.EqualTo($"PVEAPIToken={FakePve.Token}={FakePve.TokenSecret}"));
        Assert.That(Host.Requests.Any(r => r.Headers.ContainsKey("Cookie") || r.Headers.ContainsKey("CSRFPreventionToken")), Is.False);
    }

    [Test]
    public async Task Token_ThatIsWrong_IsSaidOnceAndNotTriedAgain()
    {
        Environment.SetEnvironmentVariable("FAKE_PVE_WRONG", "00000000-0000-4000-8000-000000000000");
        var refused = await Thrown.ByAsync(() => Client(Host.TokenEndpoint with { TokenSecret = PveSecret.Parse("env:FAKE_PVE_WRONG") }).VersionAsync(None));
        Assert.That((refused.Fault, refused.Status, refused.Message, Host.Requests.Count), Is.EqualTo((PveFault.Unauthorized, 401, "GET /version: 401 invalid token value!", 1)));
    }

    [Test]
    public async Task Token_WrittenWithItsSecret_IsTheSame()
    {
        Environment.SetEnvironmentVariable("FAKE_PVE_WHOLE", $"{FakePve.Token}={FakePve.TokenSecret}");
        await Client(Host.TokenEndpoint with { Token = null, TokenSecret = PveSecret.Parse("env:FAKE_PVE_WHOLE") }).VersionAsync(None);
        Assert.That(Host.Requests.Single().Headers["Authorization"], Is.EqualTo($"PVEAPIToken={FakePve.Token}={FakePve.TokenSecret}"));
    }

    [TestCase("not-a-uuid")]
    [TestCase("other@pve!failover=ca9a4e75-0000-4000-8000-5ec4e7ca9a27")]
    [TestCase("lab@pve!failover=")]
    public async Task Token_WhoseSecretHasNotItsForm_IsRefusedUnsentAndUnshown(string secret)
    {
        Environment.SetEnvironmentVariable("FAKE_PVE_WRONG", secret);
        var refused = await Thrown.ByAsync(() => Client(Host.TokenEndpoint with { TokenSecret = PveSecret.Parse("env:FAKE_PVE_WRONG") }).VersionAsync(None));
        Assert.That((refused.Fault, Host.Requests.Count), Is.EqualTo((PveFault.NoSecret, 0)));
        Assert.That(refused.ToString(), Does.Not.Contain(secret));
    }

    [Test]
    public async Task Ticket_OnceFetched_ServesManyAndWritesCarryItsToken()
    {
        var client = Client(Host.PasswordEndpoint);
        await client.VersionAsync(None);
        await client.Machine("pve1", 101).StopAsync(None);
        Assert.That(Asked("POST", "/access/ticket"), Is.EqualTo(1));
        Assert.That(Host.Requests.Where(r => r.Path != "/access/ticket").Select(r => r.Headers.ContainsKey("CSRFPreventionToken") == (r.Method != "GET")), Is.All.True);
    }

    [Test]
    public async Task Ticket_AfterAnHour_IsRenewedWithItself()
    {
        var client = Client(Host.PasswordEndpoint);
        await client.VersionAsync(None);
        Host.Time.Advance(TimeSpan.FromMinutes(61));
        await client.VersionAsync(None);
        var logins = Host.Requests.Where(r => r.Path == "/access/ticket").Select(r => r["password"]).ToList();
        Assert.That(logins, Has.Count.EqualTo(2));
        Assert.That((logins[0], logins[1].StartsWith("PVE:lab@pve:", StringComparison.Ordinal)), Is.EqualTo((FakePve.Password, true)));
    }

    [Test]
    public async Task Ticket_RefusedBeforeItsTime_IsFetchedAgainAndTheWriteDoneOnce()
    {
        var machine = Machine(endpoint: Host.PasswordEndpoint);
        await machine.StatusAsync(None);
        Host.Faults.Add(FakeFault.Status(r => r.Path.EndsWith("/reset", StringComparison.Ordinal), 401, "permission denied - invalid PVE ticket"));
        await machine.ResetAsync(None);
        Assert.That((Asked("POST", "/access/ticket"), Host.Machines[101].Starts), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task Ticket_AfterItsLife_IsFetchedByPassword()
    {
        var client = Client(Host.PasswordEndpoint);
        await client.VersionAsync(None);
        Host.Time.Advance(TimeSpan.FromHours(3));
        await client.VersionAsync(None);
        Assert.That(Host.Requests.Where(r => r.Path == "/access/ticket").Select(r => r["password"]), Is.EqualTo(new[] { FakePve.Password, FakePve.Password }));
    }

    [Test]
    public async Task Ticket_ThatCannotBeRenewed_IsFetchedByPassword()
    {
        var client = Client(Host.PasswordEndpoint);
        await client.VersionAsync(None);
        Host.Time.Advance(TimeSpan.FromMinutes(61));
        Host.Faults.Add(FakeFault.Status(r => r.Path == "/access/ticket", 401, "authentication failure"));
        await client.VersionAsync(None);
        Assert.That(Host.Requests.Where(r => r.Path == "/access/ticket").Select(r => r["password"] == FakePve.Password), Is.EqualTo(new[] { true, false, true }));
    }

    [Test]
    public async Task Ticket_OfManyCallersAtOnce_IsFetchedOnce()
    {
        var client = Client(Host.PasswordEndpoint);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.VersionAsync(None)));
        Assert.That(Asked("POST", "/access/ticket"), Is.EqualTo(1));
    }

    [Test]
    public async Task Login_ByAWrongPassword_IsTriedOnce()
    {
        Environment.SetEnvironmentVariable("FAKE_PVE_WRONG", "wrong one");
        var refused = await Thrown.ByAsync(() => Client(Host.PasswordEndpoint with { Password = PveSecret.Parse("env:FAKE_PVE_WRONG") }).VersionAsync(None));
        Assert.That((refused.Fault, Host.Requests.Count), Is.EqualTo((PveFault.Unauthorized, 1)));
    }

    [TestCase("""{"data":{"username":"lab@pve","ticket":"PVE:!tfa!x","CSRFPreventionToken":"y","NeedTFA":1}}""")]
    [TestCase("""{"data":{"username":"lab@pve"}}""")]
    public async Task Login_ThatWantsASecondFactor_SaysSo(string answer)
    {
        Host.Faults.Add(FakeFault.Body(r => r.Path == "/access/ticket", "application/json", answer));
        var refused = await Thrown.ByAsync(() => Client(Host.PasswordEndpoint).VersionAsync(None));
        Assert.That((refused.Fault, refused.Hint), Is.EqualTo((PveFault.Unauthorized, "use an API token, see docs/PROXMOX.md")));
    }

    [Test]
    public async Task Privilege_ThatIsMissing_IsNamedWithItsObject()
    {
        Host.Missing.Add("VM.PowerMgmt");
        var refused = await Thrown.ByAsync(() => Machine().StopAsync(None));
        Assert.That((refused.Fault, refused.Message), Is.EqualTo((PveFault.Forbidden, "POST /nodes/pve1/qemu/101/status/stop: 403 Permission check failed (/vms/101, VM.PowerMgmt)")));
        Assert.That(refused.Hint, Does.StartWith("the credential needs VM.PowerMgmt on /vms/{vmid}"));
    }

    private string Pem(X509Certificate2 certificate)
    {
        var file = Path.Combine(_folder, "ca.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }
}
