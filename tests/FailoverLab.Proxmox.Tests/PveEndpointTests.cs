namespace FailoverLab.Proxmox.Tests;

/// <summary>Endpoints as hosts files name them.</summary>
public sealed class PveEndpointTests
{
    private const string Digits = "0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C4B5A69788796A5B4C3D2E1F0";

    private static readonly PveEndpoint Good = new("lab", PveEndpoint.ParseUrl("pve.example")!)
    {
        Fingerprint = PveFingerprint.Parse(Digits),
        Token = "lab@pve!failover",
        TokenSecret = PveSecret.Parse("env:PVE_TOKEN"),
        Node = "pve1",
    };

    [TestCase("pve.example", "https://pve.example:8006/")]
    [TestCase("https://pve.example", "https://pve.example:8006/")]
    [TestCase("https://192.0.2.10:443/", "https://192.0.2.10/")]
    [TestCase("[2001:db8::1]", "https://[2001:db8::1]:8006/")]
    [TestCase("[2001:db8::1]:8443", "https://[2001:db8::1]:8443/")]
    public void ParseUrl_HostsAndAddresses_GetPvesPort(string text, string url) => Assert.That(PveEndpoint.ParseUrl(text)!.AbsoluteUri, Is.EqualTo(url));

    [TestCase("")]
    [TestCase("http://pve.example")]
    [TestCase("https://root:secret@pve.example")]
    [TestCase("https://pve.example/api2")]
    [TestCase("pve.example?x=1")]
    [TestCase("pve example")]
    [TestCase("pve.example\r\nX: y")]
    [TestCase("file:///etc/passwd")]
    [TestCase("pve.example:99999")]
    public void ParseUrl_AnythingElse_IsRefused(string text) => Assert.That(PveEndpoint.ParseUrl(text), Is.Null);

    [Test]
    public void Faults_OfAWholeEndpoint_AreNone() => Assert.That(Good.Faults(), Is.Empty);

    [Test]
    public void Faults_OfABadEndpoint_AreAllSaidAtOnceAndHoldNoSecret()
    {
        var bad = Good with { CaFile = "ca.pem", Token = "lab@pve=canary", TokenSecret = null, User = "root", Node = "-x" };
        var faults = bad.Faults();
        Assert.That(faults.Select(f => f.Key), Is.EqualTo(new[] { "ca", "node", "token", "token", "secret", "user", "password" }));
        Assert.That(faults.Select(f => f.Message + f.Hint), Has.None.Contains("canary"));
    }

    [TestCase("sha256:" + Digits)]
    [TestCase("0f:1e:2d:3c:4b:5a:69:78:87:96:a5:b4:c3:d2:e1:f0:0f:1e:2d:3c:4b:5a:69:78:87:96:a5:b4:c3:d2:e1:f0")]
    public void Fingerprint_InEveryUsualForm_IsTheSame(string text) => Assert.That(PveFingerprint.Parse(text), Is.EqualTo(PveFingerprint.Parse(Digits)));

    [TestCase("")]
    [TestCase("0F1E")]
    [TestCase(Digits + "00")]
    [TestCase("0f:1e-2d:3c:4b:5a:69:78:87:96:a5:b4:c3:d2:e1:f0:0f:1e:2d:3c:4b:5a:69:78:87:96:a5:b4:c3:d2:e1:f0")]
    [TestCase("ZF1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C4B5A69788796A5B4C3D2E1F0")]
    public void Fingerprint_OfAnotherLengthOrAlphabet_IsRefused(string text) => Assert.That(PveFingerprint.Parse(text), Is.Null);

    [TestCase("hunter2")]
    [TestCase("env:")]
    [TestCase("file:")]
    [TestCase("env:A\nB")]
    public void Secret_WrittenOut_IsRefused(string text) => Assert.That(PveSecret.Parse(text), Is.Null);

    [Test]
    public void Secret_InAFile_IsReadWithoutItsLineBreak()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "s3cret\r\n");
        var secret = PveSecret.Parse("file:" + file)!;
        Assert.That((secret.Read(), secret.ToString()), Is.EqualTo(("s3cret", "file:" + file)));
        File.WriteAllText(file, "two\nlines");
        var refused = Assert.Throws<PveException>(() => secret.Read())!;
        File.Delete(file);
        Assert.That(refused.Message, Does.Contain(file).And.Not.Contains("lines"));
        Assert.That(Assert.Throws<PveException>(() => secret.Read())!.Fault, Is.EqualTo(PveFault.NoSecret));
    }
}
